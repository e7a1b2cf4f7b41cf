-- What was asked and answered about items of a submission, as both sides read it. `item` names the item in all
-- versions. The text may be emptied where a redaction asks for it.
create table facts.remark (
    period    text        not null,
    member    text        not null,
    number    bigint      not null check (number > 0),
    version   integer     not null,
    at        text        not null,
    item      text        not null,
    text      jsonb       not null,
    side      text        not null check (side in ('coordinator', 'member')),
    said_by   text        not null,
    made_at   timestamptz not null,
    primary key (period, member, number),
    foreign key (period, member) references facts.submission
);

-- Who looked at which submission last, and how far it was then: what changed since is told in the queue. No fact.
create table facts.review_look (
    reader    text        not null,
    period    text        not null,
    member    text        not null,
    revision  bigint      not null,
    remarks   bigint      not null,
    looked_at timestamptz not null,
    primary key (reader, period, member),
    foreign key (period, member) references facts.submission
);

grant select, insert on facts.remark to :app;
grant update (text) on facts.remark to :app;
grant select, insert, update on facts.review_look to :app;
