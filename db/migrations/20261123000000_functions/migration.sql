-- The database's clock, ahead by what the demo or a test asks for: leases and due messages are compared with this one.
create function db_now() returns timestamptz language plpgsql volatile parallel safe as $$
begin
  return clock_timestamp() + coalesce((select shift_ms from clock), 0) * interval '1 millisecond';
end $$;
--> statement-breakpoint
create function current_epoch() returns integer language plpgsql stable as $$
begin
  return coalesce((select max(epoch) from epoch), 1);
end $$;
--> statement-breakpoint
-- What happened stays as it was written. Privileges say so too; this also stops the owner's slip of the hand.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: a correction is a new row', tg_table_name using errcode = '55000';
end $$;
--> statement-breakpoint
-- A policy version is frozen when it is imported; that a newer one superseded it is all that may be added.
create function refuse_rewriting() returns trigger language plpgsql as $$
begin
  if (to_jsonb(new) - 'superseded_at') is distinct from (to_jsonb(old) - 'superseded_at') or old.superseded_at is not null then
    raise exception '% is frozen: a change is a new version', tg_table_name using errcode = '55000';
  end if;
  return new;
end $$;
