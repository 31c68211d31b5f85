"""Rules for every address: forms, guards, tokens, origins, limits.

Each row is an id behind `http.`, a section of `contract/legacy-http.md`, and what it asks for.
"""

from typing import Final

GENERAL: Final = (
    # Answers
    ("json.form", "1.0", "JSON is compact, in UTF-8 and has a weak validator, which may earn 304."),
    ("error.json", "1.0", 'A failure of a JSON address is `{"error": text}`.'),
    ("error.text", "1.0", "A missing file is the text `Not found`, which is called HTML."),
    ("error.unknown", "1.0", "An unknown address or method is the closed 404 page, never 405."),
    ("error.inside", "7", "No failure tells paths, statements or traces of our inside."),
    ("body.json", "7.2", "JSON that is malformed is refused with 400, in JSON."),
    ("body.limit", "1.0", "A JSON body beyond the limit is refused with 413."),
    ("body.form", "7.2", "Forms that are too large, of a bad type or malformed: 413, 415, 400."),
    ("body.streamed", "7.1", "Bodies are bounded while they arrive; fields come in any order."),
    ("path.matching", "1.0", "Paths ignore case and a slash at their end."),
    ("path.ids", "1.0", "An id is a UUID of any version, in any case; anything else is malformed."),
    ("head", "1.0", "Every GET address answers HEAD with the same headers and no body."),
    ("options.methods", "1.0", "OPTIONS is answered with 200 and the methods of the address."),
    ("options.prefixes", "1.0", "Under assets and games, OPTIONS is always 200 with `OK`."),
    (
        "file.headers",
        "1.0",
        "Files have their date, a weak validator, and may be kept unchecked 0 s.",
    ),
    ("file.parts", "1.0", "A range of bytes is answered with 206."),
    ("file.charset", "1.0", "Static text, scripts and JSON say `charset=UTF-8`."),
    ("listen", "1.0", "It listens on `PORT`, or 3000."),
    # Guards
    (
        "token.places",
        "3",
        "A token comes as `Bearer`, which wins, or as `access_token`; no cookie.",
    ),
    ("token.missing", "1.0", "Without a token: 401 `No access token provided`."),
    ("token.invalid", "1.0", "With a bad one, for every reason: 401 `Invalid or expired token`."),
    ("token.prefix", "1.0", "`Bearer ` has this case; anything else is no token."),
    ("token.repeated", "1.0", "A repeated `access_token` is a bad one."),
    ("token.claims", "3", "Issuer, audience and times are checked without tolerance."),
    ("token.optional", "1.0", "Where a token is optional, a bad one is ignored."),
    ("token.anybody", "3", "Every user of the provider is let in; no list, no quota."),
    ("guard.project", "1.0", "Malformed 400, missing or somebody else's 404."),
    ("guard.job", "1.0", "Malformed 400, missing 404, somebody else's 403."),
    ("guard.asset-owner", "1.0", "Malformed 400, hidden or missing 404, others' public 403."),
    ("guard.asset-reader", "1.0", "Malformed 400, hidden or missing 404; whoever may see it, may."),
    ("guard.order", "7.2", "The order of the checks decides which status a request gets."),
    # Security
    ("origins", "7", "Origins on the list are echoed with credentials; others get no such header."),
    ("traversal", "7", "No path leads out of a project, a folder or the storage; links neither."),
    ("hidden-files", "7.2", "Dotfiles are nobody's."),
    ("unlimited", "7", "HTTP has no limit of requests a minute."),
    ("active-content", "7", "Nothing that was uploaded runs on this origin."),
    ("forwarding", "7", "An image that is sent on is a `data:image/` URL, never an address."),
    ("isolation", "1.0", "No answer holds anything of another user's that is not public."),
    ("crashes", "7.2", "No request ends the process."),
)

PAGES: Final = (
    ("page.index", "1.1", "`/` and `/index.html` are the page to sign in."),
    ("page.create", "1.1", "`/create` and `/create.html` are the list of projects."),
    ("page.project", "1.1", "`/project/{anything}` is the editor; the id is not looked at."),
    ("page.others", "1.1", "`/mypage`, `/discover`, `/notifications`, with and without `.html`."),
    ("page.names", "0.2", "Pages answer by their file names too."),
    ("page.scripts", "1.1", "Scripts and styles are the files of the frontend, unchanged."),
    ("page.style-images", "1.1", "Pictures of styles are files below `/images/styles`."),
    ("page.play", "7.2", "`/play/{id}` is a page for everybody; its script asks with a token."),
    ("page.static", "1.1", "`editor.html`, `play.html` and `publish.html` are plain files."),
    ("page.folder", "1.1", "A folder without its slash is sent there, and then is 404."),
    ("page.no-guessing", "1.1", "No extension is guessed; hidden files are not there."),
    ("page.absent", "1.8", "`/zap`, `/game.html`, `/favicon.ico`, `/publish`, `/editor`: 404."),
    ("absent.publish", "1.8", "Publishing a game is 404 until there is something to publish to."),
    ("absent.notifications", "1.8", "`/api/notifications` is 404, so that the page shows samples."),
    ("health", "1.2", "`status`, `timestamp` and `uptime` in seconds."),
    ("config", "1.2", "Exactly `supabaseUrl` and `supabaseAnonKey`, kept for an hour."),
    ("config.secrets", "7", "No other key than the public one reaches a page."),
)
