-- Every revision of every stream that obligations depend on, without what they have no use for: the obligations are a
-- function of this table, worked out anew on each change. It takes the place of two tables that kept the newest only.
drop table projection.period, projection.submission;

create table projection.fact (
    subject     text        not null,
    revision    bigint      not null,
    type        text        not null,
    recorded_at timestamptz not null,
    data        jsonb       not null,
    primary key (subject, revision)
);

-- Counts up with every batch that changed a fact or a contact.
create table projection.change (
    only_row boolean primary key default true check (only_row),
    number   bigint  not null
);
insert into projection.change (number) values (0);

-- What was read before went into the tables dropped: read everything again.
update projection.generation set id = gen_random_uuid();
delete from projection.applied;
delete from projection.gap;
delete from projection.stream;

grant select, insert on projection.fact to :app;
grant select, update on projection.change to :app;
