-- Plan progress as members reported it, by version, whole and never changed.
create table projection.progress_version (
    period      text        not null,
    member      text        not null,
    version     integer     not null,
    accepted_at timestamptz,
    primary key (period, member, version)
);

create table projection.progress (
    period  text    not null,
    member  text    not null,
    version integer not null,
    place   integer not null,
    result  text    not null,
    item    jsonb   not null,
    primary key (period, member, version, place)
);
create index progress_by_result on projection.progress (result, period);

grant select, insert, update on projection.progress_version, projection.progress to :app;
