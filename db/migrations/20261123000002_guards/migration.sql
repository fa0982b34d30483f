do $$
declare name text;
begin
  foreach name in array array['entry', 'entry_payload', 'acknowledgement', 'attestation', 'attestation_file', 'access_decision', 'access_batch', 'access_grant', 'snapshot', 'verdict', 'report_detail'] loop
    execute format('create trigger refuse_change before update or delete on %I for each row execute function refuse_change()', name);
    execute format('create trigger refuse_truncate before truncate on %I for each statement execute function refuse_change()', name);
    execute format('comment on table %I is %L', name, 'append-only: rows are added, never changed or deleted');
  end loop;
end $$;
--> statement-breakpoint
create trigger refuse_rewriting before update on policy_version for each row execute function refuse_rewriting();
--> statement-breakpoint
create trigger refuse_delete before delete on policy_version for each row execute function refuse_change();
--> statement-breakpoint
create trigger refuse_truncate before truncate on policy_version for each statement execute function refuse_change();
--> statement-breakpoint
insert into epoch (epoch, started_at, reason) values (1, now(), 'installed');
--> statement-breakpoint
insert into clock default values;
--> statement-breakpoint
alter sequence acknowledgement_number_seq restart with 10000;
