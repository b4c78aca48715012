from django.db import models


class Platform(models.TextChoices):
    """Where something online happened."""

    X = "x", "X"
    MASTODON = "mastodon", "Mastodon"
    BLUESKY = "bluesky", "Bluesky"
    LINKEDIN = "linkedin", "LinkedIn"
    INSTAGRAM = "instagram", "Instagram"
    FACEBOOK = "facebook", "Facebook"
    GITHUB = "github", "GitHub"
    EMAIL = "email", "e-mail"
    SLACK = "slack", "Slack"
    DISCORD = "discord", "Discord"
    SIGNAL = "signal", "Signal"
    WHATSAPP = "whatsapp", "WhatsApp"
    TELEGRAM = "telegram", "Telegram"
    ZOOM = "zoom", "Zoom"
    FORUM = "forum", "a forum"
    OTHER = "other", "elsewhere online"
