"""What Today shows beside the one person to help: numbers.py and evenings.py."""
