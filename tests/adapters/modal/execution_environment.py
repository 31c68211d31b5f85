"""The environment that tests give to execution processes."""

import os

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": os.environ.get("HOME", "/"),
    "AGENT": "offline",
    "ANTHROPIC_BASE_URL": "http://127.0.0.1:1",
    "SUPABASE_SERVICE_ROLE_KEY": "must-not-be-passed-on",
    "MODAL_INTERNAL_SECRET": "must-not-be-passed-on",
    "PYTHONPATH": "/must-not-be-passed-on",
}
