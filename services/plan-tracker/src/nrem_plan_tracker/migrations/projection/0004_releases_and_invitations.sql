-- Quarters' figures as statistics released them, every version; `position` is the fact's place in that journal.
create table projection.release (
    period      text        not null,
    version     bigint      not null,
    position    bigint      not null,
    released_at timestamptz not null,
    document    jsonb       not null,
    primary key (period, version)
);

-- What became of each mail that told an institution of a meeting's time.
create table projection.invitation_outcome (
    mail        text        not null,
    meeting     text        not null,
    institution text        not null,
    kind        text        not null,
    outcome     text        not null,
    cause       text        not null,
    fallback    boolean     not null,
    attempts    integer     not null,
    settled_at  timestamptz not null,
    primary key (mail, meeting, institution)
);
create index invitation_outcome_by_meeting on projection.invitation_outcome (meeting);

grant select, insert on projection.release, projection.invitation_outcome to :app;
