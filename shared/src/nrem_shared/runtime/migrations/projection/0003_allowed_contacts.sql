-- The newest list of contacts made known to everybody: helplines, institutions' own numbers and addresses. The guard of
-- free text lets them through.
create table projection.allowed_contacts (
    only_row boolean primary key default true check (only_row),
    revision bigint  not null,
    item     jsonb   not null
);

grant select, insert, update on projection.allowed_contacts to :app;

-- Reference data that was read before went past this table: it is read again.
update projection.generation set id = gen_random_uuid();
delete from projection.applied where topic = 'nrem.reference';
delete from projection.gap where topic = 'nrem.reference';
