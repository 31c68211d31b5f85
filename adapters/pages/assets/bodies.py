"""Bodies of requests: forms with a file, and JSON. Nothing is read beyond a limit.

Source: `contract/legacy-http.md` §1.0, §7.1, §7.2.
"""

from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from typing import Final

import anyio
import msgspec
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from adapters.pages.credentials import Refused
from schema.assets import MAX_UPLOAD_BYTES

MAX_JSON_BYTES: Final = 64 * 2**10
MAX_TEXT_BYTES: Final = 16 * 2**10
"""Of a text field."""
MAX_TEXTS: Final = 10
MAX_FORM_BYTES: Final = MAX_UPLOAD_BYTES + 64 * 2**10
"""The file, and everything around it."""
_SECONDS: Final = 120.0
_FORM: Final = b"multipart/form-data"
_JSON: Final = b"application/json"
_CHARSETS: Final = (b"utf-8", b"utf8")
_MALFORMED: Final = "Invalid form"
_TOO_LARGE: Final = "File too large"


@dataclass(frozen=True, slots=True)
class FormFile:
    """A file of a form, and what the client says of it."""

    data: bytes
    filename: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Form:
    """What a form held: its file, unless none was chosen, and its texts by name."""

    file: FormFile | None
    texts: Mapping[str, str]


async def read_form(request: Request, field: str) -> Form:
    """The form with its file in `field`; what is no form is an empty one.

    Raises `Refused`: 413 when the file has more than `MAX_UPLOAD_BYTES`, 400 for a file in another
    field and for what is malformed or too much, 408.
    """
    media_type, options = parse_options_header(request.headers.get("content-type"))
    if media_type != _FORM:
        return Form(None, {})
    # Some of Python's codecs make text that nothing can write.
    if options.get(b"charset", b"utf-8").lower() not in _CHARSETS:
        raise Refused(400, _MALFORMED)
    with _received():
        form = await _Parser(request).parse()
    try:
        return await _read(form, field)
    finally:
        await form.close()


async def read_json(request: Request, limit: int = MAX_JSON_BYTES) -> dict[str, object]:
    """The object of a JSON body of at most `limit` bytes, an empty one without.

    Raises `Refused` (400, 408, 413).
    """
    data = bytearray()
    with _received():
        async with aclosing(_pieces(request, limit, "Request too large")) as pieces:
            async for piece in pieces:
                data += piece
    if not data or parse_options_header(request.headers.get("content-type"))[0] != _JSON:
        return {}
    try:
        return msgspec.json.decode(data, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused(400, "Invalid JSON") from None


class _Parser(MultiPartParser):
    """Reads one file and few texts, in memory; knows whether the form was whole."""

    spool_max_size = MAX_FORM_BYTES

    def __init__(self, request: Request) -> None:
        super().__init__(
            request.headers,
            self._whole(request),
            max_files=1,
            max_fields=MAX_TEXTS,
            max_part_size=MAX_TEXT_BYTES,
        )
        self._complete = False

    def on_end(self) -> None:
        """The last boundary."""
        self._complete = True

    async def parse(self) -> FormData:
        """The form; to be closed by the caller. Otherwise its file is closed here."""
        async with aclosing(self.stream):
            return await super().parse()

    async def _whole(self, request: Request) -> AsyncGenerator[bytes, None]:
        async with aclosing(_pieces(request, MAX_FORM_BYTES, _TOO_LARGE)) as pieces:
            async for piece in pieces:
                yield piece
        # Raised in here, it makes the parser close what it has opened.
        if not self._complete:
            raise MultiPartException(_MALFORMED)


async def _read(form: FormData, field: str) -> Form:
    file, texts = None, {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            texts[name] = value
        elif name != field:
            raise Refused(400, "Unexpected field")
        elif value.filename:
            file = FormFile(await _data(value), _own_name(value.filename), value.content_type or "")
    return Form(file, texts)


async def _data(file: UploadFile) -> bytes:
    data = await file.read(MAX_UPLOAD_BYTES + 1)
    if len(data) > MAX_UPLOAD_BYTES:
        raise Refused(413, _TOO_LARGE)
    return data


def _own_name(filename: str) -> str:
    """Without the folders that some clients tell."""
    return filename.replace("\\", "/").rstrip("/").rpartition("/")[2] or filename


async def _pieces(request: Request, limit: int, refusal: str) -> AsyncGenerator[bytes, None]:
    if int(request.headers.get("content-length", 0)) > limit:
        raise Refused(413, refusal)
    left = limit
    async with aclosing(request.stream()) as pieces:
        async for piece in pieces:
            left -= len(piece)
            if left < 0:
                raise Refused(413, refusal)
            yield piece


@contextmanager
def _received() -> Generator[None, None, None]:
    try:
        with anyio.fail_after(_SECONDS):
            yield
    except MultiPartException:
        raise Refused(400, _MALFORMED) from None
    except TimeoutError:
        raise Refused(408, "The request took too long") from None
    except ClientDisconnect:
        raise Refused(400, "The request is incomplete") from None
