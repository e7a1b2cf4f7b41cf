-- What the coordinator noted about obligations; the journal has it too.
create table facts.note (
    id          uuid        primary key,
    obligation  text        not null,
    institution text        not null,
    text        text        not null,
    by          text        not null,
    noted_at    timestamptz not null
);
create index note_by_obligation on facts.note (obligation, noted_at);

grant select, insert on facts.note to :app;
