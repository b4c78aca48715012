"""What breaks around an import while it is being brought."""

import errno

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse


def test_an_upload_that_no_disk_can_take_is_a_sentence(client, user, monkeypatch):
    client.force_login(user)
    kept = type(default_storage._wrapped)._save

    begun = []

    def full(storage, name, content):
        begun.append(kept(storage, name, content))
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(type(default_storage._wrapped), "_save", full)
    file = SimpleUploadedFile("people.vcf", b"BEGIN:VCARD\nFN:Ana\nEND:VCARD\n")

    response = client.post(reverse("import_list"), {"file": file})

    assert response.status_code == 200
    assert "its disk may be full" in response.context["form"].errors["file"][0]
    assert not user.imports.exists()
    assert [default_storage.exists(name) for name in begun] == [False]
