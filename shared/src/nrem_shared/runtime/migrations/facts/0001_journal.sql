-- The journal: what this service decided, in order, once. The app role may add to it and nothing else.
create table facts.journal (
    position       bigint      primary key check (position > 0),
    id             uuid        not null unique,
    type           text        not null,
    subject        text        not null,
    revision       bigint      not null check (revision > 0),
    recorded_at    timestamptz not null,
    actor          text        not null,
    correlation_id text        not null,
    causation_id   text,
    payload_hash   bytea       not null,
    redacts        bigint,
    previous_hash  bytea       not null,
    hash           bytea       not null,
    unique (subject, revision)
);

-- Payload and salt stand apart, so that a redaction deletes them and the chain still verifies.
create table facts.journal_payload (
    position bigint primary key references facts.journal,
    salt     bytea  not null,
    payload  text   not null
);

-- The head: locked by each command, so that positions have no gap and recorded_at never runs backwards.
create table facts.journal_head (
    only_row    boolean     primary key default true check (only_row),
    position    bigint      not null,
    recorded_at timestamptz not null,
    hash        bytea       not null
);
insert into facts.journal_head (position, recorded_at, hash) values (0, '-infinity', sha256('nrem journal'));

-- Deletes what a journalled redaction names, and nothing that none names.
create function facts.redact(redacted bigint) returns boolean
    language sql security definer set search_path = facts, pg_temp
begin atomic
    delete from facts.journal_payload p
     where p.position = redacted
       and exists (select from facts.journal j where j.redacts = redacted)
    returning true;
end;
revoke all on function facts.redact(bigint) from public;

-- What the relay has sent: position 0 / partition −1 of topic '' is the whole journal.
create table facts.relay_mark (
    topic     text    not null,
    partition integer not null,
    position  bigint  not null,
    primary key (topic, partition)
);

-- Answers to posts, by actor and key, so that a repeated post gets the first answer.
create table facts.idempotency (
    actor        text        not null,
    key          text        not null,
    request_hash bytea       not null,
    status       integer     not null,
    headers      jsonb       not null,
    body         text        not null,
    answered_at  timestamptz not null,
    primary key (actor, key)
);

grant select, insert on facts.journal, facts.journal_payload to :app;
grant select, update on facts.journal_head to :app;
grant select, insert, update, delete on facts.relay_mark to :app;
grant select, insert, delete on facts.idempotency to :app;
grant execute on function facts.redact(bigint) to :app;
