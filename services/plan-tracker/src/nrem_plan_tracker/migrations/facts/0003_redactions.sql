-- Redactions in submissions that meetings and minutes have followed.
create table facts.redaction_followed (
    id          text        primary key,
    followed_at timestamptz not null
);

grant select, insert on facts.redaction_followed to :app;
