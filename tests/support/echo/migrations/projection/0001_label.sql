create table projection.label_version (
    subject  text   not null,
    revision bigint not null,
    label    text   not null check (length(label) <= 40),
    primary key (subject, revision)
);
create table projection.label (subject text primary key, revision bigint not null, label text not null);
grant select, insert, update, delete on projection.label_version, projection.label to :app;
