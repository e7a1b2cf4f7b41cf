create table facts.label (code text primary key, label text not null, revision bigint not null);
grant select, insert, update on facts.label to :app;
