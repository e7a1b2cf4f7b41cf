-- What was typed and then put aside – discarded, or because something else was sent in its place – newest first:
-- [{document, sections, at, revision}]. It can be had back, and lives as long as the row.
alter table facts.report_draft add column aside jsonb not null default '[]';
