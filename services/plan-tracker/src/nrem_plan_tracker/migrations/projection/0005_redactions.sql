-- A version or release that is told again without a text that was redacted takes the place of what was kept of it.
grant delete on projection.submission_version, projection.reported_item to :app;
grant update (document) on projection.release to :app;

-- What was redacted in submissions: what this service decided from them follows.
create table projection.redaction (
    id       text   primary key,
    position bigint not null,
    period   text   not null,
    member   text   not null
);

grant select, insert on projection.redaction to :app;
