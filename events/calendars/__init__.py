"""Calendar files, in and out (RFC 5545)."""
