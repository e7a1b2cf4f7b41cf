-- A workbook that was uploaded and read, waiting to be looked at and submitted: no fact, and gone after an hour.
-- `reading` is what it says, cell by cell; `refused` why it could not be taken as a whole.
create table facts.workbook_upload (
    id          text        primary key,
    period      text        not null references facts.period,
    member      text        not null references facts.institution,
    received_at timestamptz not null,
    state       text        not null check (state in ('reading', 'read', 'refused')),
    reading     jsonb,
    refused     jsonb
);

create index workbook_upload_received on facts.workbook_upload (received_at);

-- Versions that the ministry brought in from before the platform was used: entered as accepted, never late.
alter table facts.submission_version add column imported boolean not null default false;

grant select, insert, update, delete on facts.workbook_upload to :app;
grant update (imported) on facts.submission_version to :app;
