-- How far the reading of an uploaded workbook is: 1 it arrived, 2 it is being opened, 3 its lines are being read.
alter table facts.workbook_upload add column step smallint not null default 1 check (step between 1 and 3);
