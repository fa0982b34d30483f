CREATE TABLE "access_batch" (
	"id" text PRIMARY KEY,
	"review_id" text NOT NULL,
	"person_id" text NOT NULL,
	"entitlement_code" text NOT NULL,
	"count" integer NOT NULL,
	"rows_sha256" text NOT NULL,
	"statement" text NOT NULL,
	"decided_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "access_decision" (
	"id" text PRIMARY KEY,
	"item_id" text NOT NULL,
	"version" integer NOT NULL,
	"person_id" text NOT NULL,
	"subject_key" text NOT NULL,
	"choice" text NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"change_to" text DEFAULT '' NOT NULL,
	"to_person_id" text,
	"batch_id" text,
	"decided_at" timestamp with time zone NOT NULL,
	CONSTRAINT "access_decision_once" UNIQUE("item_id","version"),
	CONSTRAINT "access_decision_independent" CHECK (person_id <> subject_key),
	CONSTRAINT "access_decision_choice" CHECK (choice in ('keep', 'remove', 'change', 'unknown', 'not-mine', 'undone') and (choice = 'not-mine') = (to_person_id is not null) and to_person_id is distinct from person_id),
	CONSTRAINT "access_decision_reason" CHECK (choice in ('keep', 'undone') or reason <> '')
);
--> statement-breakpoint
CREATE TABLE "access_grant" (
	"id" text PRIMARY KEY,
	"snapshot_id" text NOT NULL,
	"line" integer NOT NULL,
	"account_id" text NOT NULL,
	"account_label" text NOT NULL,
	"account_name" text DEFAULT '' NOT NULL,
	"account_email" text,
	"account_kind" text NOT NULL,
	"account_status" text NOT NULL,
	"person_id" text,
	"link" text NOT NULL,
	"entitlement_code" text NOT NULL,
	"entitlement_label" text NOT NULL,
	"path" text DEFAULT '' NOT NULL,
	"privileged" text NOT NULL,
	"granted_at" timestamp with time zone,
	"last_used" text NOT NULL,
	"leaver" text NOT NULL,
	"fingerprint" text NOT NULL,
	CONSTRAINT "access_grant_once" UNIQUE("snapshot_id","fingerprint")
);
--> statement-breakpoint
CREATE TABLE "entitlement" (
	"system_id" text,
	"code" text,
	"meaning" text NOT NULL,
	"privileged" boolean DEFAULT false NOT NULL,
	"if_removed" text DEFAULT '' NOT NULL,
	CONSTRAINT "entitlement_pkey" PRIMARY KEY("system_id","code")
);
--> statement-breakpoint
CREATE TABLE "review" (
	"id" text PRIMARY KEY,
	"system_id" text NOT NULL,
	"snapshot_id" text NOT NULL CONSTRAINT "review_once" UNIQUE,
	"campaign_id" text,
	"state" text NOT NULL,
	"due_on" date NOT NULL,
	"inactive_days" integer NOT NULL,
	"previous_id" text,
	"opened_at" timestamp with time zone NOT NULL,
	"opened_by" text,
	"signed_at" timestamp with time zone,
	"signed_by" text,
	"signed_sha256" text,
	CONSTRAINT "review_state" CHECK (state in ('open', 'signed')),
	CONSTRAINT "review_signed" CHECK ((state = 'signed') = (signed_at is not null and signed_by is not null and signed_sha256 is not null))
);
--> statement-breakpoint
CREATE TABLE "review_item" (
	"id" text PRIMARY KEY,
	"review_id" text NOT NULL,
	"grant_id" text NOT NULL,
	"reviewer_id" text NOT NULL,
	"reviewer_rule" text NOT NULL,
	"subject_person_id" text,
	"subject_key" text GENERATED ALWAYS AS (coalesce(subject_person_id, '')) STORED NOT NULL,
	"assignment_id" text,
	"flags" jsonb NOT NULL,
	"meaning" text DEFAULT '' NOT NULL,
	"privileged" text NOT NULL,
	"before" text DEFAULT '' NOT NULL,
	"choice" text,
	"version" integer DEFAULT 0 NOT NULL,
	"ordinal" integer NOT NULL,
	CONSTRAINT "review_item_once" UNIQUE("review_id","grant_id"),
	CONSTRAINT "review_item_subject" UNIQUE("id","subject_key"),
	CONSTRAINT "review_item_independent" CHECK (reviewer_id is distinct from subject_person_id),
	CONSTRAINT "review_item_choice" CHECK (choice in ('keep', 'remove', 'change', 'unknown'))
);
--> statement-breakpoint
CREATE TABLE "snapshot" (
	"id" text PRIMARY KEY,
	"system_id" text NOT NULL,
	"adapter" text NOT NULL,
	"file_id" text NOT NULL,
	"sha256" text NOT NULL,
	"name" text DEFAULT '' NOT NULL,
	"receipt" jsonb NOT NULL,
	"balanced" boolean NOT NULL,
	"extracted_at" timestamp with time zone,
	"received_at" timestamp with time zone NOT NULL,
	"imported_by" text
);
--> statement-breakpoint
CREATE TABLE "system" (
	"id" text PRIMARY KEY,
	"code" text NOT NULL UNIQUE,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"owner_id" text NOT NULL,
	"deputy_id" text,
	"class" text DEFAULT 'standard' NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "assignment" (
	"id" text PRIMARY KEY,
	"campaign_id" text NOT NULL,
	"workflow" text NOT NULL,
	"subject_id" text NOT NULL,
	"person_id" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"due_on" date NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"card" text NOT NULL,
	"step" integer DEFAULT -1 NOT NULL,
	"next_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"decided_at" timestamp with time zone,
	CONSTRAINT "assignment_once" UNIQUE("campaign_id","person_id","subject_id"),
	CONSTRAINT "assignment_state" CHECK (state in ('open', 'done', 'superseded', 'withdrawn', 'left')),
	CONSTRAINT "assignment_decided" CHECK ((state = 'done') = (decided_at is not null))
);
--> statement-breakpoint
CREATE TABLE "campaign" (
	"id" text PRIMARY KEY,
	"workflow" text NOT NULL,
	"subject_id" text NOT NULL,
	"title" text NOT NULL,
	"state" text NOT NULL,
	"scope" text DEFAULT 'everyone' NOT NULL,
	"audience" jsonb NOT NULL,
	"due_on" date NOT NULL,
	"requested_by" text,
	"created_at" timestamp with time zone NOT NULL,
	"opened_at" timestamp with time zone,
	"stopped_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"population_count" integer,
	"population_sha256" text,
	CONSTRAINT "campaign_state" CHECK (state in ('planning', 'open', 'stopped', 'closed'))
);
--> statement-breakpoint
CREATE TABLE "attestation" (
	"id" text PRIMARY KEY,
	"occurrence_id" text NOT NULL UNIQUE,
	"assignment_id" text,
	"person_id" text NOT NULL,
	"answer" text NOT NULL,
	"statement" text NOT NULL,
	"attested_at" timestamp with time zone NOT NULL,
	CONSTRAINT "attestation_answer" CHECK (answer in ('operates', 'deviations', 'fails'))
);
--> statement-breakpoint
CREATE TABLE "attestation_file" (
	"attestation_id" text,
	"file_id" text,
	"ordinal" integer NOT NULL,
	"name" text NOT NULL,
	CONSTRAINT "attestation_file_pkey" PRIMARY KEY("attestation_id","file_id")
);
--> statement-breakpoint
CREATE TABLE "control" (
	"edition" text,
	"code" text,
	"title" text NOT NULL,
	"theme" text NOT NULL,
	"ordinal" integer NOT NULL,
	"owner_id" text,
	CONSTRAINT "control_pkey" PRIMARY KEY("edition","code")
);
--> statement-breakpoint
CREATE TABLE "control_action" (
	"id" text PRIMARY KEY,
	"code" text NOT NULL UNIQUE,
	"title" text NOT NULL,
	"controls_2022" jsonb NOT NULL,
	"controls_2013" jsonb NOT NULL,
	"owner_id" text,
	"period" text NOT NULL,
	"grace_days" integer NOT NULL,
	"evidence" text DEFAULT '' NOT NULL,
	"segregation" text DEFAULT '' NOT NULL,
	"anchored_on" date,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "control_mapping" (
	"code_2013" text,
	"code_2022" text,
	"relation" text NOT NULL,
	CONSTRAINT "control_mapping_pkey" PRIMARY KEY("code_2013","code_2022")
);
--> statement-breakpoint
CREATE TABLE "occurrence" (
	"id" text PRIMARY KEY,
	"action_id" text NOT NULL,
	"n" integer NOT NULL,
	"period_from" date NOT NULL,
	"period_to" date NOT NULL,
	"due_on" date NOT NULL,
	"owner_id" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"missed_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "occurrence_once" UNIQUE("action_id","n"),
	CONSTRAINT "occurrence_state" CHECK (state in ('open', 'attested', 'missed'))
);
--> statement-breakpoint
CREATE TABLE "file" (
	"id" text PRIMARY KEY,
	"sha256" text NOT NULL UNIQUE,
	"size" integer NOT NULL,
	"type" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"kept_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "file_piece" (
	"file_id" text,
	"n" integer,
	"bytes" bytea NOT NULL,
	CONSTRAINT "file_piece_pkey" PRIMARY KEY("file_id","n")
);
--> statement-breakpoint
CREATE TABLE "upload" (
	"file_id" text,
	"person_id" text,
	"name" text NOT NULL,
	"uploaded_at" timestamp with time zone NOT NULL,
	"taken_at" timestamp with time zone,
	CONSTRAINT "upload_pkey" PRIMARY KEY("file_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "report" (
	"id" text PRIMARY KEY,
	"number" text NOT NULL UNIQUE,
	"reporter_id" text NOT NULL,
	"what" text NOT NULL,
	"category" text DEFAULT 'not-sure' NOT NULL,
	"ongoing" text DEFAULT 'unknown' NOT NULL,
	"personal_data" text DEFAULT 'unknown' NOT NULL,
	"audience" text DEFAULT 'responders' NOT NULL,
	"origin" text NOT NULL,
	"carried" jsonb,
	"occurred_at" timestamp with time zone,
	"reported_at" timestamp with time zone NOT NULL,
	"answer_by" timestamp with time zone,
	"state" text DEFAULT 'reported' NOT NULL,
	"assessed_by" text,
	"assessed_at" timestamp with time zone,
	"escalated_at" timestamp with time zone,
	"version" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "report_whose" UNIQUE("id","reporter_id"),
	CONSTRAINT "report_state" CHECK (state in ('reported', 'under-assessment', 'decided', 'withdrawn')),
	CONSTRAINT "report_audience" CHECK (audience in ('responders', 'manager', 'open')),
	CONSTRAINT "report_known" CHECK (ongoing in ('yes', 'no', 'unknown') and personal_data in ('yes', 'no', 'unknown')),
	CONSTRAINT "report_assessed" CHECK ((assessed_by is null) = (assessed_at is null)),
	CONSTRAINT "report_assessor" CHECK (state not in ('under-assessment', 'decided') or assessed_by is not null)
);
--> statement-breakpoint
CREATE TABLE "report_detail" (
	"id" text PRIMARY KEY,
	"report_id" text NOT NULL,
	"person_id" text NOT NULL,
	"kind" text DEFAULT 'detail' NOT NULL,
	"text" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "report_detail_kind" CHECK (kind in ('detail', 'withdrawn', 'reopened')),
	CONSTRAINT "report_detail_text" CHECK (kind = 'withdrawn' or length(text) > 0)
);
--> statement-breakpoint
CREATE TABLE "verdict" (
	"id" text PRIMARY KEY,
	"report_id" text NOT NULL,
	"reporter_id" text NOT NULL,
	"n" integer NOT NULL,
	"verdict" text NOT NULL,
	"reason" text NOT NULL,
	"to_reporter" text,
	"severity" text,
	"duplicate_of" text,
	"number" text CONSTRAINT "verdict_number" UNIQUE,
	"decided_by" text NOT NULL,
	"decided_at" timestamp with time zone NOT NULL,
	CONSTRAINT "verdict_once" UNIQUE("report_id","n"),
	CONSTRAINT "verdict_not_own" CHECK (decided_by <> reporter_id),
	CONSTRAINT "verdict_kind" CHECK (verdict in ('incident', 'weakness', 'duplicate', 'false-alarm', 'no-action')),
	CONSTRAINT "verdict_reason" CHECK (length(reason) >= case when verdict in ('false-alarm', 'no-action') then 20 else 3 end),
	CONSTRAINT "verdict_severity" CHECK ((verdict = 'incident') = (severity is not null)),
	CONSTRAINT "verdict_numbered" CHECK (number is null or verdict in ('incident', 'weakness')),
	CONSTRAINT "verdict_duplicate" CHECK ((verdict = 'duplicate') = (duplicate_of is not null) and duplicate_of is distinct from report_id)
);
--> statement-breakpoint
CREATE TABLE "clock" (
	"one" boolean PRIMARY KEY DEFAULT true,
	"shift_ms" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "clock_one" CHECK (one)
);
--> statement-breakpoint
CREATE TABLE "numbering" (
	"series" text PRIMARY KEY,
	"last" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "setting" (
	"name" text PRIMARY KEY,
	"value" jsonb NOT NULL,
	"secret" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "delivery" (
	"message_id" text,
	"identity_id" text,
	"nonce" uuid DEFAULT gen_random_uuid() NOT NULL,
	"lane" text NOT NULL,
	"state" text NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"claimed_until" timestamp with time zone,
	"claimed_by" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"sent_revision" integer DEFAULT 0 NOT NULL,
	"anchor" jsonb,
	"first_sent_at" timestamp with time zone,
	"sent_at" timestamp with time zone,
	"shown" jsonb,
	"problem" text,
	CONSTRAINT "delivery_pkey" PRIMARY KEY("message_id","identity_id"),
	CONSTRAINT "delivery_state" CHECK (state in ('due', 'claimed', 'sent', 'unknown', 'failed', 'parked', 'dropped'))
);
--> statement-breakpoint
CREATE TABLE "lane" (
	"name" text PRIMARY KEY,
	"opens_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "message" (
	"id" text PRIMARY KEY,
	"message_key" text NOT NULL CONSTRAINT "message_once" UNIQUE,
	"person_id" text NOT NULL,
	"card" text NOT NULL,
	"subject_id" text NOT NULL,
	"assignment_id" text,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "identity" (
	"id" text PRIMARY KEY,
	"platform" text NOT NULL,
	"tenant" text NOT NULL,
	"user_id" text NOT NULL,
	"person_id" text,
	"address" jsonb NOT NULL,
	"email" text,
	"display_name" text,
	"state" text NOT NULL,
	"guest" boolean DEFAULT false NOT NULL,
	"receives" boolean DEFAULT true NOT NULL,
	"link_method" text,
	"linked_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "identity_user" UNIQUE("platform","tenant","user_id"),
	CONSTRAINT "identity_state" CHECK (state in ('linked', 'unmatched', 'ambiguous', 'ended')),
	CONSTRAINT "identity_linked" CHECK ((state = 'linked') = (person_id is not null and linked_at is not null) or state = 'ended')
);
--> statement-breakpoint
CREATE TABLE "person" (
	"id" text PRIMARY KEY,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_key" text GENERATED ALWAYS AS (lower(email)) STORED NOT NULL,
	"manager_id" text,
	"department" text DEFAULT '' NOT NULL,
	"site" text DEFAULT '' NOT NULL,
	"title" text DEFAULT '' NOT NULL,
	"employment" text DEFAULT 'employee' NOT NULL,
	"timezone" text DEFAULT 'UTC' NOT NULL,
	"language" text DEFAULT 'en' NOT NULL,
	"started_on" date,
	"ended_on" date,
	"state" text DEFAULT 'active' NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "person_state" CHECK (state in ('active', 'left')),
	CONSTRAINT "person_employment" CHECK (employment in ('employee', 'contractor', 'guest'))
);
--> statement-breakpoint
CREATE TABLE "person_role" (
	"person_id" text,
	"role" text,
	"granted_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"granted_by" text,
	"reason" text DEFAULT '' NOT NULL,
	CONSTRAINT "person_role_pkey" PRIMARY KEY("person_id","role","granted_at")
);
--> statement-breakpoint
CREATE TABLE "acknowledgement" (
	"id" text PRIMARY KEY,
	"version_id" text NOT NULL,
	"person_id" text NOT NULL,
	"assignment_id" text,
	"source" text NOT NULL,
	"statement" text NOT NULL,
	"language" text NOT NULL,
	"content_sha256" text NOT NULL,
	"platform" text NOT NULL,
	"identity_id" text,
	"acknowledged_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"number" bigserial UNIQUE,
	"import_source" text,
	CONSTRAINT "acknowledgement_once" UNIQUE("version_id","person_id"),
	CONSTRAINT "acknowledgement_source" CHECK (source in ('witnessed', 'imported')),
	CONSTRAINT "acknowledgement_witness" CHECK (case source
        when 'witnessed' then statement <> '' and assignment_id is not null and identity_id is not null
          and import_source is null and recorded_at = acknowledged_at
        else statement = '' and assignment_id is null and identity_id is null
          and import_source <> '' and acknowledged_at <= recorded_at end),
	CONSTRAINT "acknowledgement_content" CHECK (content_sha256 ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
CREATE TABLE "policy" (
	"id" text PRIMARY KEY,
	"code" text NOT NULL UNIQUE,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "policy_question" (
	"id" text PRIMARY KEY,
	"version_id" text NOT NULL,
	"asked_by" text NOT NULL,
	"question" text NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"answer" text,
	"answered_by" text,
	"answered_at" timestamp with time zone,
	CONSTRAINT "policy_question_answered" CHECK ((answer is null) = (answered_at is null) and (answer is null) = (answered_by is null))
);
--> statement-breakpoint
CREATE TABLE "policy_version" (
	"id" text PRIMARY KEY,
	"policy_id" text NOT NULL,
	"version" text NOT NULL,
	"ordinal" integer NOT NULL,
	"title" text NOT NULL,
	"owner_id" text NOT NULL,
	"approved_by" text,
	"approved_on" date,
	"effective_from" date,
	"review_on" date,
	"audience" jsonb NOT NULL,
	"classification" text DEFAULT 'internal' NOT NULL,
	"controls" jsonb DEFAULT '[]' NOT NULL,
	"summary" text DEFAULT '' NOT NULL,
	"changes" text DEFAULT '' NOT NULL,
	"format" text NOT NULL,
	"sha256" text NOT NULL,
	"file_id" text NOT NULL,
	"body" text,
	"words" integer DEFAULT 0 NOT NULL,
	"imported_at" timestamp with time zone NOT NULL,
	"superseded_at" timestamp with time zone,
	CONSTRAINT "policy_version_once" UNIQUE("policy_id","version"),
	CONSTRAINT "policy_version_ordinal" UNIQUE("policy_id","ordinal"),
	CONSTRAINT "policy_version_format" CHECK (format in ('markdown', 'pdf', 'docx')),
	CONSTRAINT "policy_version_approval" CHECK ((approved_by is null) = (approved_on is null)),
	CONSTRAINT "policy_version_text" CHECK ((format = 'markdown') = (body is not null)),
	CONSTRAINT "policy_version_summary" CHECK (format = 'markdown' or summary <> '')
);
--> statement-breakpoint
CREATE TABLE "entry" (
	"id" text PRIMARY KEY,
	"seq" bigserial,
	"txid" xid8 DEFAULT pg_current_xact_id() NOT NULL,
	"epoch" integer DEFAULT current_epoch() NOT NULL,
	"bytes" bytea NOT NULL,
	"type" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL,
	"object" text NOT NULL,
	"action" text NOT NULL,
	"ref" text,
	"payload_sha256" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "entry_payload" (
	"entry_id" text PRIMARY KEY,
	"salt" bytea NOT NULL,
	"payload" bytea NOT NULL
);
--> statement-breakpoint
CREATE TABLE "epoch" (
	"epoch" integer PRIMARY KEY,
	"started_at" timestamp with time zone NOT NULL,
	"reason" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "receipt" (
	"turn_key" text PRIMARY KEY,
	"person_id" text,
	"reply" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "link" (
	"token_sha256" text PRIMARY KEY,
	"person_id" text NOT NULL,
	"path" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "session" (
	"token_sha256" text PRIMARY KEY,
	"person_id" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE INDEX "access_decision_batch" ON "access_decision" ("batch_id");--> statement-breakpoint
CREATE INDEX "access_grant_person" ON "access_grant" ("person_id");--> statement-breakpoint
CREATE INDEX "review_system" ON "review" ("system_id");--> statement-breakpoint
CREATE INDEX "review_item_open" ON "review_item" ("review_id","ordinal");--> statement-breakpoint
CREATE INDEX "review_item_reviewer" ON "review_item" ("reviewer_id","review_id");--> statement-breakpoint
CREATE INDEX "assignment_inbox" ON "assignment" ("person_id","due_at") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "assignment_next" ON "assignment" ("next_at") WHERE state = 'open' and next_at is not null;--> statement-breakpoint
CREATE INDEX "assignment_campaign_state" ON "assignment" ("campaign_id","state");--> statement-breakpoint
CREATE INDEX "assignment_subject" ON "assignment" ("subject_id");--> statement-breakpoint
CREATE INDEX "campaign_subject" ON "campaign" ("subject_id");--> statement-breakpoint
CREATE INDEX "attestation_file_of" ON "attestation_file" ("file_id");--> statement-breakpoint
CREATE INDEX "occurrence_due" ON "occurrence" ("due_on");--> statement-breakpoint
CREATE INDEX "upload_newest" ON "upload" ("person_id","uploaded_at");--> statement-breakpoint
CREATE INDEX "report_state" ON "report" ("state","reported_at");--> statement-breakpoint
CREATE INDEX "report_reporter" ON "report" ("reporter_id");--> statement-breakpoint
CREATE INDEX "report_unanswered" ON "report" ("answer_by") WHERE state = 'reported' and escalated_at is null;--> statement-breakpoint
CREATE INDEX "report_detail_report" ON "report_detail" ("report_id");--> statement-breakpoint
CREATE INDEX "delivery_due" ON "delivery" ("due_at") WHERE state in ('due', 'claimed');--> statement-breakpoint
CREATE INDEX "delivery_trouble" ON "delivery" ("state") WHERE state in ('failed', 'parked', 'unknown');--> statement-breakpoint
CREATE INDEX "delivery_identity" ON "delivery" ("identity_id","first_sent_at");--> statement-breakpoint
CREATE INDEX "message_subject" ON "message" ("subject_id");--> statement-breakpoint
CREATE INDEX "message_person" ON "message" ("person_id");--> statement-breakpoint
CREATE INDEX "identity_person" ON "identity" ("person_id");--> statement-breakpoint
CREATE UNIQUE INDEX "person_email_active" ON "person" ("email_key") WHERE state = 'active';--> statement-breakpoint
CREATE INDEX "person_manager" ON "person" ("manager_id");--> statement-breakpoint
CREATE UNIQUE INDEX "person_role_now" ON "person_role" ("person_id","role") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "acknowledgement_person" ON "acknowledgement" ("person_id");--> statement-breakpoint
CREATE INDEX "policy_question_version" ON "policy_question" ("version_id");--> statement-breakpoint
CREATE INDEX "entry_order" ON "entry" ("epoch","txid","seq");--> statement-breakpoint
CREATE INDEX "entry_object" ON "entry" ("object");--> statement-breakpoint
CREATE INDEX "entry_at" ON "entry" ("at");--> statement-breakpoint
CREATE INDEX "receipt_created" ON "receipt" ("created_at");--> statement-breakpoint
ALTER TABLE "access_batch" ADD CONSTRAINT "access_batch_review_id_review_id_fkey" FOREIGN KEY ("review_id") REFERENCES "review"("id");--> statement-breakpoint
ALTER TABLE "access_batch" ADD CONSTRAINT "access_batch_person_id_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "access_decision" ADD CONSTRAINT "access_decision_item_id_review_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "review_item"("id");--> statement-breakpoint
ALTER TABLE "access_decision" ADD CONSTRAINT "access_decision_person_id_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "access_decision" ADD CONSTRAINT "access_decision_to_person_id_person_id_fkey" FOREIGN KEY ("to_person_id") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "access_decision" ADD CONSTRAINT "access_decision_batch_id_access_batch_id_fkey" FOREIGN KEY ("batch_id") REFERENCES "access_batch"("id");--> statement-breakpoint
ALTER TABLE "access_decision" ADD CONSTRAINT "access_decision_subject" FOREIGN KEY ("item_id","subject_key") REFERENCES "review_item"("id","subject_key");--> statement-breakpoint
ALTER TABLE "access_grant" ADD CONSTRAINT "access_grant_snapshot_id_snapshot_id_fkey" FOREIGN KEY ("snapshot_id") REFERENCES "snapshot"("id");--> statement-breakpoint
ALTER TABLE "access_grant" ADD CONSTRAINT "access_grant_person_id_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "entitlement" ADD CONSTRAINT "entitlement_system_id_system_id_fkey" FOREIGN KEY ("system_id") REFERENCES "system"("id");--> statement-breakpoint
ALTER TABLE "review" ADD CONSTRAINT "review_system_id_system_id_fkey" FOREIGN KEY ("system_id") REFERENCES "system"("id");--> statement-breakpoint
ALTER TABLE "review" ADD CONSTRAINT "review_snapshot_id_snapshot_id_fkey" FOREIGN KEY ("snapshot_id") REFERENCES "snapshot"("id");--> statement-breakpoint
ALTER TABLE "review" ADD CONSTRAINT "review_campaign_id_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id");--> statement-breakpoint
ALTER TABLE "review" ADD CONSTRAINT "review_opened_by_person_id_fkey" FOREIGN KEY ("opened_by") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "review" ADD CONSTRAINT "review_signed_by_person_id_fkey" FOREIGN KEY ("signed_by") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "review" ADD CONSTRAINT "review_previous_id_review_id_fkey" FOREIGN KEY ("previous_id") REFERENCES "review"("id");--> statement-breakpoint
ALTER TABLE "review_item" ADD CONSTRAINT "review_item_review_id_review_id_fkey" FOREIGN KEY ("review_id") REFERENCES "review"("id");--> statement-breakpoint
ALTER TABLE "review_item" ADD CONSTRAINT "review_item_grant_id_access_grant_id_fkey" FOREIGN KEY ("grant_id") REFERENCES "access_grant"("id");--> statement-breakpoint
ALTER TABLE "review_item" ADD CONSTRAINT "review_item_reviewer_id_person_id_fkey" FOREIGN KEY ("reviewer_id") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "review_item" ADD CONSTRAINT "review_item_subject_person_id_person_id_fkey" FOREIGN KEY ("subject_person_id") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "review_item" ADD CONSTRAINT "review_item_assignment_id_assignment_id_fkey" FOREIGN KEY ("assignment_id") REFERENCES "assignment"("id");--> statement-breakpoint
ALTER TABLE "snapshot" ADD CONSTRAINT "snapshot_system_id_system_id_fkey" FOREIGN KEY ("system_id") REFERENCES "system"("id");--> statement-breakpoint
ALTER TABLE "snapshot" ADD CONSTRAINT "snapshot_file_id_file_id_fkey" FOREIGN KEY ("file_id") REFERENCES "file"("id");--> statement-breakpoint
ALTER TABLE "snapshot" ADD CONSTRAINT "snapshot_imported_by_person_id_fkey" FOREIGN KEY ("imported_by") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "system" ADD CONSTRAINT "system_owner_id_person_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "system" ADD CONSTRAINT "system_deputy_id_person_id_fkey" FOREIGN KEY ("deputy_id") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "assignment" ADD CONSTRAINT "assignment_campaign_id_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id");--> statement-breakpoint
ALTER TABLE "assignment" ADD CONSTRAINT "assignment_person_id_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "campaign" ADD CONSTRAINT "campaign_requested_by_person_id_fkey" FOREIGN KEY ("requested_by") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "attestation" ADD CONSTRAINT "attestation_occurrence_id_occurrence_id_fkey" FOREIGN KEY ("occurrence_id") REFERENCES "occurrence"("id");--> statement-breakpoint
ALTER TABLE "attestation" ADD CONSTRAINT "attestation_assignment_id_assignment_id_fkey" FOREIGN KEY ("assignment_id") REFERENCES "assignment"("id");--> statement-breakpoint
ALTER TABLE "attestation" ADD CONSTRAINT "attestation_person_id_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "attestation_file" ADD CONSTRAINT "attestation_file_attestation_id_attestation_id_fkey" FOREIGN KEY ("attestation_id") REFERENCES "attestation"("id");--> statement-breakpoint
ALTER TABLE "attestation_file" ADD CONSTRAINT "attestation_file_file_id_file_id_fkey" FOREIGN KEY ("file_id") REFERENCES "file"("id");--> statement-breakpoint
ALTER TABLE "control" ADD CONSTRAINT "control_owner_id_person_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "control_action" ADD CONSTRAINT "control_action_owner_id_person_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "occurrence" ADD CONSTRAINT "occurrence_action_id_control_action_id_fkey" FOREIGN KEY ("action_id") REFERENCES "control_action"("id");--> statement-breakpoint
ALTER TABLE "occurrence" ADD CONSTRAINT "occurrence_owner_id_person_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "file_piece" ADD CONSTRAINT "file_piece_file_id_file_id_fkey" FOREIGN KEY ("file_id") REFERENCES "file"("id");--> statement-breakpoint
ALTER TABLE "upload" ADD CONSTRAINT "upload_file_id_file_id_fkey" FOREIGN KEY ("file_id") REFERENCES "file"("id");--> statement-breakpoint
ALTER TABLE "upload" ADD CONSTRAINT "upload_person_id_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "report" ADD CONSTRAINT "report_reporter_id_person_id_fkey" FOREIGN KEY ("reporter_id") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "report" ADD CONSTRAINT "report_assessed_by_person_id_fkey" FOREIGN KEY ("assessed_by") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "report_detail" ADD CONSTRAINT "report_detail_report_id_report_id_fkey" FOREIGN KEY ("report_id") REFERENCES "report"("id");--> statement-breakpoint
ALTER TABLE "report_detail" ADD CONSTRAINT "report_detail_person_id_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "verdict" ADD CONSTRAINT "verdict_report_id_report_id_fkey" FOREIGN KEY ("report_id") REFERENCES "report"("id");--> statement-breakpoint
ALTER TABLE "verdict" ADD CONSTRAINT "verdict_duplicate_of_report_id_fkey" FOREIGN KEY ("duplicate_of") REFERENCES "report"("id");--> statement-breakpoint
ALTER TABLE "verdict" ADD CONSTRAINT "verdict_decided_by_person_id_fkey" FOREIGN KEY ("decided_by") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "verdict" ADD CONSTRAINT "verdict_whose" FOREIGN KEY ("report_id","reporter_id") REFERENCES "report"("id","reporter_id");--> statement-breakpoint
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_message_id_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "message"("id");--> statement-breakpoint
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_identity_id_identity_id_fkey" FOREIGN KEY ("identity_id") REFERENCES "identity"("id");--> statement-breakpoint
ALTER TABLE "message" ADD CONSTRAINT "message_person_id_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "message" ADD CONSTRAINT "message_assignment_id_assignment_id_fkey" FOREIGN KEY ("assignment_id") REFERENCES "assignment"("id");--> statement-breakpoint
ALTER TABLE "identity" ADD CONSTRAINT "identity_person_id_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "person" ADD CONSTRAINT "person_manager_id_person_id_fkey" FOREIGN KEY ("manager_id") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "person_role" ADD CONSTRAINT "person_role_person_id_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "acknowledgement" ADD CONSTRAINT "acknowledgement_version_id_policy_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "policy_version"("id");--> statement-breakpoint
ALTER TABLE "acknowledgement" ADD CONSTRAINT "acknowledgement_person_id_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "acknowledgement" ADD CONSTRAINT "acknowledgement_assignment_id_assignment_id_fkey" FOREIGN KEY ("assignment_id") REFERENCES "assignment"("id");--> statement-breakpoint
ALTER TABLE "policy_question" ADD CONSTRAINT "policy_question_version_id_policy_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "policy_version"("id");--> statement-breakpoint
ALTER TABLE "policy_question" ADD CONSTRAINT "policy_question_asked_by_person_id_fkey" FOREIGN KEY ("asked_by") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "policy_question" ADD CONSTRAINT "policy_question_answered_by_person_id_fkey" FOREIGN KEY ("answered_by") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "policy_version" ADD CONSTRAINT "policy_version_policy_id_policy_id_fkey" FOREIGN KEY ("policy_id") REFERENCES "policy"("id");--> statement-breakpoint
ALTER TABLE "policy_version" ADD CONSTRAINT "policy_version_owner_id_person_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "policy_version" ADD CONSTRAINT "policy_version_approved_by_person_id_fkey" FOREIGN KEY ("approved_by") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "policy_version" ADD CONSTRAINT "policy_version_file_id_file_id_fkey" FOREIGN KEY ("file_id") REFERENCES "file"("id");--> statement-breakpoint
ALTER TABLE "entry_payload" ADD CONSTRAINT "entry_payload_entry_id_entry_id_fkey" FOREIGN KEY ("entry_id") REFERENCES "entry"("id");--> statement-breakpoint
ALTER TABLE "link" ADD CONSTRAINT "link_person_id_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "session" ADD CONSTRAINT "session_person_id_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id");