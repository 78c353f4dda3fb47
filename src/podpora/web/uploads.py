"""Files of a form: several at once, read within limits."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from podpora.desk.values import MAX_FILE_SIZE, MAX_FILES, Upload


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files. What is wrong with them, the action says."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Upload]:
        given = data if isinstance(data, list | tuple) else [data]
        return [upload(file) for file in given if file][: MAX_FILES + 1]


def upload(file: "UploadedFile[Any]") -> Upload:
    """One file as the desk takes it; of a too large one only so much that it is seen to be too large."""
    content = file.read(MAX_FILE_SIZE + 1)
    return Upload(str(file.name or ""), content, str(file.content_type or "application/octet-stream"))
