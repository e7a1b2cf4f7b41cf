create table facts.plan (
    code     text   primary key,
    revision bigint not null,
    item     jsonb  not null
);

grant select, insert, update on facts.plan to :app;
