"""The tables of the embedded store, named like the legacy ones (`contract/legacy-http.md` §4.2).

Identifiers compare without case, as PostgreSQL's uuid does.
"""

from typing import Final

MIGRATIONS: Final = (
    """
    CREATE TABLE projects (
        id TEXT NOT NULL COLLATE NOCASE PRIMARY KEY,
        user_id TEXT NOT NULL COLLATE NOCASE,
        name TEXT NOT NULL DEFAULT 'New Game',
        is_public INTEGER NOT NULL DEFAULT 0 CHECK (is_public IN (0, 1)),
        remixed_from TEXT COLLATE NOCASE REFERENCES projects (id) ON DELETE SET NULL,
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL
    );
    CREATE INDEX projects_of_user ON projects (user_id, created_at DESC, id DESC);
    CREATE INDEX projects_remixed_from ON projects (remixed_from) WHERE remixed_from IS NOT NULL;

    CREATE TABLE jobs (
        id TEXT NOT NULL COLLATE NOCASE PRIMARY KEY,
        user_id TEXT NOT NULL COLLATE NOCASE,
        project_id TEXT NOT NULL COLLATE NOCASE REFERENCES projects (id) ON DELETE CASCADE,
        status TEXT NOT NULL DEFAULT 'pending'
            CHECK (status IN ('pending', 'processing', 'completed', 'failed', 'cancelled')),
        progress INTEGER NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
        progress_message TEXT,
        result TEXT,
        error TEXT,
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        message TEXT NOT NULL,
        plan TEXT NOT NULL,
        skills TEXT NOT NULL DEFAULT '[]',
        idempotency_key TEXT,
        error_code TEXT,
        version TEXT,
        UNIQUE (user_id, idempotency_key)
    );
    CREATE TABLE chat_history (
        id INTEGER PRIMARY KEY,
        project_id TEXT NOT NULL COLLATE NOCASE REFERENCES projects (id) ON DELETE CASCADE,
        user_id TEXT NOT NULL COLLATE NOCASE,
        role TEXT NOT NULL CHECK (role IN ('user', 'assistant', 'system')),
        message TEXT NOT NULL,
        created_at TEXT NOT NULL,
        job_id TEXT COLLATE NOCASE REFERENCES jobs (id) ON DELETE SET NULL,
        UNIQUE (job_id, role)
    );
    CREATE INDEX chat_history_of_project ON chat_history (project_id, id);

    CREATE INDEX jobs_of_project ON jobs (project_id, created_at DESC, id DESC);
    CREATE INDEX jobs_unfinished ON jobs (created_at, id)
        WHERE status IN ('pending', 'processing');
    """,
    """
    CREATE TABLE assets (
        id TEXT NOT NULL COLLATE NOCASE PRIMARY KEY,
        owner_id TEXT COLLATE NOCASE,
        alias TEXT NOT NULL,
        filename TEXT NOT NULL,
        original_name TEXT NOT NULL,
        mime_type TEXT NOT NULL,
        size INTEGER NOT NULL,
        hash TEXT NOT NULL,
        created_in_project_id TEXT COLLATE NOCASE REFERENCES projects (id) ON DELETE SET NULL,
        is_public INTEGER NOT NULL DEFAULT 0 CHECK (is_public IN (0, 1)),
        is_deleted INTEGER NOT NULL DEFAULT 0 CHECK (is_deleted IN (0, 1)),
        is_global INTEGER NOT NULL DEFAULT 0 CHECK (is_global IN (0, 1)),
        category TEXT,
        available_from TEXT,
        available_until TEXT,
        tags TEXT,
        description TEXT,
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        UNIQUE (owner_id, alias),
        CHECK (is_global = (owner_id IS NULL))
    );
    CREATE UNIQUE INDEX assets_global_alias ON assets (alias) WHERE is_global;
    CREATE INDEX assets_of_owner ON assets (owner_id, created_at DESC, id DESC)
        WHERE NOT is_deleted;
    CREATE INDEX assets_created_in_project ON assets (created_in_project_id)
        WHERE created_in_project_id IS NOT NULL;

    CREATE TABLE project_assets (
        id INTEGER PRIMARY KEY,
        project_id TEXT NOT NULL COLLATE NOCASE REFERENCES projects (id) ON DELETE CASCADE,
        asset_id TEXT NOT NULL COLLATE NOCASE REFERENCES assets (id) ON DELETE CASCADE,
        usage_type TEXT NOT NULL DEFAULT 'image',
        added_at TEXT NOT NULL,
        UNIQUE (project_id, asset_id)
    );
    CREATE INDEX project_assets_of_asset ON project_assets (asset_id, id);

    CREATE TABLE publish_drafts (
        project_id TEXT NOT NULL COLLATE NOCASE PRIMARY KEY
            REFERENCES projects (id) ON DELETE CASCADE,
        title TEXT NOT NULL,
        description TEXT NOT NULL,
        how_to_play TEXT NOT NULL,
        tags TEXT NOT NULL,
        visibility TEXT NOT NULL DEFAULT 'private'
            CHECK (visibility IN ('public', 'unlisted', 'private')),
        remix TEXT NOT NULL DEFAULT 'disallow' CHECK (remix IN ('allowed', 'disallow')),
        thumbnail_url TEXT,
        updated_at TEXT NOT NULL
    );
    """,
    """
    CREATE TABLE version_notes (
        job_id TEXT NOT NULL COLLATE NOCASE PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
        summary TEXT NOT NULL,
        edits TEXT NOT NULL
    );
    CREATE INDEX jobs_of_version ON jobs (project_id, version) WHERE version IS NOT NULL;
    CREATE INDEX projects_touched ON projects (user_id, updated_at DESC, id DESC);
    """,
)
