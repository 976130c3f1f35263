-- What each version's columns hold, computed once: [{"name","type","nulls","distinct","min","max","mean","median","top","bins"}].
ALTER TABLE open_data_version ADD COLUMN profile jsonb;

-- What people send: a request of data, something made with them, a comment. Nobody else sees it before staff have read it, and
-- nothing is asked about who sends it: its code is what he asks for it by.
CREATE TABLE open_data_contribution (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    kind        text NOT NULL CHECK (kind IN ('request', 'reuse', 'comment')),
    dataset     uuid REFERENCES open_data_dataset (id) ON DELETE CASCADE,
    code        text NOT NULL UNIQUE DEFAULT upper(substr(replace(gen_random_uuid()::text, '-', ''), 1, 12)),
    title       text NOT NULL DEFAULT '',
    body        text NOT NULL CHECK (body <> ''),
    url         text NOT NULL DEFAULT '',
    author      text NOT NULL DEFAULT '',       -- as he wants to be called, or nobody
    state       text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'shown', 'hidden')),
    outcome     text NOT NULL DEFAULT 'open' CHECK (outcome IN ('open', 'planned', 'done', 'declined')),  -- of requests
    answer      text NOT NULL DEFAULT '',
    created_at  timestamptz NOT NULL DEFAULT now(),
    decided_at  timestamptz,
    decided_by  text NOT NULL DEFAULT '',
    CHECK ((kind = 'comment') <= (dataset IS NOT NULL))
);
CREATE INDEX open_data_contribution_shown ON open_data_contribution (kind, created_at DESC, id) WHERE state = 'shown';
CREATE INDEX open_data_contribution_pending ON open_data_contribution (created_at) WHERE state = 'pending';
CREATE INDEX open_data_contribution_comment ON open_data_contribution (dataset, created_at) WHERE state = 'shown' AND kind = 'comment';
