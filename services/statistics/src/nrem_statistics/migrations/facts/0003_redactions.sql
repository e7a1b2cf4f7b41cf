-- Redactions in submissions that releases have followed.
create table facts.redaction_followed (
    id          text        primary key,
    followed_at timestamptz not null
);

grant select, insert on facts.redaction_followed to :app;
-- Only for a redaction: releases never change otherwise.
grant update (document) on facts.release to :app;
