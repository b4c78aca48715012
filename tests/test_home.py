"""The keys of one installation."""

import pytest

from networkcrm import home


def test_a_key_is_made_once_and_readable_by_its_user_only(tmp_path):
    first, second = home.vapid_key(tmp_path), home.vapid_key(tmp_path)

    assert first == second
    assert (tmp_path / "vapid_key").stat().st_mode & 0o777 == 0o600
    assert home.checked_vapid_key(first) == first
    assert home.secret_key(tmp_path) != first


@pytest.mark.parametrize(
    "wrong", ["made up", "YWJj", "A" * 43, "_" * 43, "ü", "-----BEGIN PRIVATE KEY-----"]
)
def test_a_key_that_is_none_is_told_in_a_sentence(wrong):
    with pytest.raises(home.SetupError, match="VAPID_PRIVATE_KEY must be"):
        home.checked_vapid_key(wrong)


def test_no_key_chosen_is_none():
    assert home.checked_vapid_key("") == ""


def test_a_mail_server_that_says_nothing_is_not_waited_for_for_ever():
    assert home.mailer("smtp://mail.example.org:25")["OPTIONS"]["timeout"] == 20


def test_a_storage_of_another_package_gets_its_options():
    entry = home.media_storage("tests.bucket.Bucket", '{"folder": "somewhere"}')

    assert entry == {
        "BACKEND": "tests.bucket.Bucket",
        "OPTIONS": {"folder": "somewhere"},
    }


@pytest.mark.parametrize(
    ("backend", "options", "words"),
    [
        ("no_such_package.S3Storage", "", "no package 'no_such_package'"),
        ("", "", "no package ''"),
        ("tests.bucket.Bucket", "bucket_name=crm", "must be a JSON object"),
        ("tests.bucket.Bucket", '["crm"]', "must be a JSON object"),
    ],
)
def test_a_storage_that_is_none_is_told_in_a_sentence(backend, options, words):
    with pytest.raises(home.SetupError, match=words):
        home.media_storage(backend, options)
