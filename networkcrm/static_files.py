import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

_IMPORT = re.compile(r'@import url\("([^"]+)"\) layer\((\w+)\);\n')
_BUNDLE = "css/app.css"


class BundlingStorage(CompressedManifestStaticFilesStorage):
    """Hashed names, compressed copies, and one sheet where app.css imports twenty.

    A browser that follows @import asks for the sheet first and its parts after.
    """

    support_js_module_import_aggregation = True
    # A page, above all that of an error, is better plain than not at all.
    manifest_strict = False

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        if _BUNDLE in paths and not dry_run:
            self.delete(_BUNDLE)
            self._save(_BUNDLE, ContentFile(bundled().encode()))
            paths = paths | {_BUNDLE: (self, _BUNDLE)}
        yield from super().post_process(paths, dry_run, **options)

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        # Pressing the admin's hundreds of files would hold up the first start.
        ours = [path for path in paths if not path.startswith("admin/")]
        yield from super().compress_files(ours)


def bundled() -> str:
    """app.css with `@layer y { x }` for every `@import url("x.css") layer(y);`."""
    return _IMPORT.sub(
        lambda found: f"@layer {found[2]} {{\n{_sheet(f'css/{found[1]}')}}}\n",
        _sheet(_BUNDLE),
    )


def _sheet(name: str) -> str:
    with open(str(finders.find(name)), encoding="utf-8") as file:
        return file.read()
