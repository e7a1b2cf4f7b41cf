-- Until when a member has for a period, where the coordinator gave more time.
create table projection.extension (
    period   text   not null,
    member   text   not null,
    revision bigint not null,
    due      date   not null,
    primary key (period, member)
);

grant select, insert, update on projection.extension to :app;
