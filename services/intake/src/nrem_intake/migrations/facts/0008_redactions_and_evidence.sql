-- Texts that the coordinator let pass although they look like personal data: a salted hash, never the text.
create table facts.text_pass (
    id        uuid        primary key,
    period    text        not null references facts.period,
    member    text        not null references facts.institution,
    salt      bytea       not null,
    digest    bytea       not null,
    kinds     text[]      not null,
    reason    jsonb       not null,
    passed_by text        not null,
    passed_at timestamptz not null
);
create index text_pass_by_stream on facts.text_pass (period, member);

-- Only for a redaction, which is journalled in the same transaction: versions never change otherwise.
grant update (content, corrected_figures, authors) on facts.submission_version to :app;

-- Files that show what was done. The bytes are in files named by their SHA-256; the same bytes are kept once.
create table facts.evidence (
    id          uuid        primary key,
    period      text        not null references facts.period,
    member      text        not null references facts.institution,
    sha256      text        not null check (sha256 ~ '^[0-9a-f]{64}$'),
    size        bigint      not null check (size > 0),
    media_type  text        not null,
    name        text        not null,
    uploaded_by text        not null,
    uploaded_at timestamptz not null,
    removed_at  timestamptz,
    removed_for jsonb
);
create index evidence_by_stream on facts.evidence (period, member);
create index evidence_by_content on facts.evidence (sha256);

grant select, insert on facts.text_pass, facts.evidence to :app;
grant update (name, removed_at, removed_for) on facts.evidence to :app;
