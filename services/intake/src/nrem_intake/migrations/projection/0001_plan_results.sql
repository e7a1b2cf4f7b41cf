-- What plan-tracker decided, as far as a report refers to it.
create table projection.plan_result (
    plan       text    not null,
    code       text    not null,
    valid_from date    not null,
    valid_to   date    not null,
    place      integer not null,
    revision   bigint  not null,
    item       jsonb   not null,
    primary key (plan, code)
);

grant select, insert, update, delete on projection.plan_result to :app;
