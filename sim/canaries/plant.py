#!/usr/bin/env python3
"""Plants bugs into copies of the production sources, each behind a switch of its own.

    plant.py ROOT OUT FILE...    copies every FILE of the tree at ROOT to OUT, the bugs planted, and
                                 writes OUT/main.cc: the program, with their names in order

A bug replaces one text, which must stand in its file exactly once: a bug that does not fit any more
is an error, so that the list follows the code. What is not switched on leaves the code as it was.

A change that nobody can observe is no canary:
- a proposer that the core does not check is refused when the block is executed;
- a build of an older view is ignored when it comes;
- FINALIZE in the current view does not happen, since its notarization has ended the view: whether
  the timeout asks for it is all the same;
- without relay, without gossip, without the builder's list of what ancestors hold, with the other
  block of an equivocating leader kept, everything still arrives, only later.
"""

import os
import sys
from collections import namedtuple

# What stands at `old` becomes `new`, in which {on} is true while the bug is switched on.
Bug = namedtuple("Bug", "name what path old new")


def expression(name, what, path, old, new, kept=None):
    """`kept`: the part of `old` that is an expression; the rest of it only says where."""
    kept = kept or old
    return Bug(name, what, path, old, old.replace(kept, "({on} ? (%s) : (%s))" % (new, kept)))


def statements(name, what, path, old, new=""):
    both = "{{ if ({on}) {{ %s }} else {{ %s }} }}" % (braced(new), braced(old))
    return Bug(name, what, path, old, both)


def written(name, what, path, old, new):
    """`new` holds {on}; its braces are doubled."""
    return Bug(name, what, path, old, new)


def braced(text):
    return text.strip().replace("{", "{{").replace("}", "}}")


CORE = "node/consensus/core.cc"
PROPOSE = "node/consensus/core_propose.cc"
TIMERS = "node/consensus/core_timers.cc"
REENTRY = "node/consensus/core_reentry.cc"
BLOCKS = "node/replica/replica_blocks.cc"
CATCHUP = "node/replica/catchup.cc"
EXECUTE = "ledger/chain/execute.cc"
EXECUTION = "ledger/chain/block_execution.cc"
CERTIFICATE = "ledger/chain/certificate.cc"
EVIDENCE = "ledger/chain/evidence.cc"
OFFICE = "ledger/filing/lifecycle_office.cc"
LIFECYCLE = "ledger/filing/lifecycle.cc"

BUGS = [
    # Votes and certificates
    expression("quorum_short_by_one", "q is one too small",
               CORE, "quorum_(config_.set.quorum())",
               "config_.set.quorum() - 1", "config_.set.quorum()"),
    expression("tally_by_kind_only", "votes for different blocks are counted together",
               CORE, "vote.statement != statement) continue",
               "vote.statement.kind != statement.kind", "vote.statement != statement"),
    statements("vote_before_sync", "a vote leaves before its record is on disk",
               CORE, "Emit(SyncLog{});\n  Emit(Send{std::nullopt, vote});",
               "Emit(Send{std::nullopt, vote}); Emit(SyncLog{});"),
    statements("vote_not_logged", "own votes are not written",
               CORE, "Emit(AppendRecord{VoteRecord{vote}});"),
    statements("certificate_not_logged", "certificates are not written",
               CORE, "Emit(AppendRecord{CertificateRecord{certificate}});"),
    expression("honest_pair_is_evidence", "NOTARIZE with another kind of vote passes for a crime",
               EVIDENCE, "first.kind != VoteKind::kNotarize && second.kind != VoteKind::kNotarize",
               "true"),
    expression("certificate_without_a_quorum", "a certificate with a signature too few verifies",
               CERTIFICATE, "signatures.size() < set.quorum()",
               "signatures.size() + 1 < set.quorum()"),
    # Proposals
    expression("parent_gap_unchecked", "NOTARIZE above views that are not nullified",
               PROPOSE, "!GapNullified(proposal.parent_view, view_)", "false"),
    expression("any_parent", "NOTARIZE above a block that is not the notarized one",
               PROPOSE, "return *known == parent ?", "true", "*known == parent"),
    expression("notarize_after_nullify", "NOTARIZE in a view that was given up",
               PROPOSE, "!state.proposal || state.mine.Any() || !MayVote(view_)",
               "!state.proposal || state.mine.notarize || !MayVote(view_)"),
    expression("list_unchecked", "the list beside a header is not compared with its root",
               PROPOSE, "TransactionRoot(proposal.wire_ids) == header.tx_root", "true"),
    expression("finalize_after_nullify", "FINALIZE in a view that was given up",
               PROPOSE, "!state.mine.nullify && !state.mine.finalize;", "!state.mine.finalize",
               "!state.mine.nullify && !state.mine.finalize"),
    expression("notarize_without_execution", "NOTARIZE before the block is executed",
               PROPOSE, "!valid_.contains(id)", "!valid_.contains(id) && !state.validating"),
    statements("body_not_logged", "the block of an own vote is not written",
               PROPOSE, "Emit(AppendBody{id});"),
    statements("proposal_not_logged", "an own proposal is not written",
               PROPOSE, "Emit(AppendRecord{ProposalRecord{proposal}});"),
    expression("clock_ignored", "NOTARIZE for a block of the future",
               PROPOSE, "header.time <= now.wall + timing.clock_ahead_max", "true"),
    # Timers
    expression("never_retries", "nothing is sent a second time",
               TIMERS, "now.steady + retry_ms_", "now.steady + 100'000'000"),
    statements("never_arms", "a view's timer never runs",
               TIMERS, "if (armed) armed_at_ = now.steady;"),
    expression("always_wants_a_block", "an idle validator gives views up",
               TIMERS, "work_ || EmptyAllowed(now)", "now.steady >= SteadyMs(0)"),
    # Recovery and re-entry
    statements("own_vote_not_tallied_again", "after a restart own votes do not count",
               REENTRY, "Observe(own->vote, true);"),
    statements("nullify_forgotten", "after a restart an own NULLIFY is unknown",
               REENTRY, "state.mine.nullify = true;"),
    statements("notarize_forgotten", "after a restart an own NOTARIZE is unknown",
               REENTRY, "state.mine.notarize = statement;"),
    statements("finalize_forgotten", "after a restart an own FINALIZE is unknown",
               REENTRY, "state.mine.finalize = statement;"),
    statements("reentry_forgotten", "after a restart a lost log is taken for a whole one",
               REENTRY, "muted_ = true;"),
    expression("floor_too_low", "the floor of a re-entry is view 1",
               REENTRY, "floor_ = highest.Next()", "View(1)", "highest.Next()"),
    expression("one_answer_suffices", "a re-entry asks one validator",
               REENTRY, "answers_.size() >= quorum_", "answers_.size() >= 1"),
    statements("floor_not_durable", "the floor of a re-entry is not written",
               REENTRY, "Emit(AppendRecord{FloorRecord{config_.epoch, floor_}});"),
    expression("mute_answers", "who re-enters tells others in what view it is",
               REENTRY, "muted_ || observer_ || view_ <= floor_", "observer_ || view_ <= floor_"),
    written("votes_while_mute", "who re-enters votes before it has a floor",
            CORE, "!observer_ && !muted_ && view > floor_",
            "!observer_ && ({on} || !muted_) && view > floor_"),
    written("votes_below_the_floor", "who has re-entered votes in views below its floor",
            CORE, "view > floor_ && view > final_.view",
            "({on} || view > floor_) && view > final_.view"),
    expression("own_votes_alarm_while_mute", "who re-enters takes its lost votes for a second copy",
               CORE, "started_ && !muted_", "started_"),
    # Replica
    expression("prunes_too_much", "the log drops votes that still bind",
               BLOCKS, "std::min(below, core_.final().view)", "core_.view() + 1"),
    written("delivers_twice", "a block is given to the store twice",
            BLOCKS, "    delivered_ = path[i]->header;",
            "    if ({on}) Emit(CommitBlock{{path[i], tree_.ExecutionOf(path[i]->id), own}});\n"
            "    delivered_ = path[i]->header;"),
    statements("proof_without_its_path", "the proof of a block is that of a descendant alone",
               BLOCKS, "own.descendants.push_back(path[j]->header);"),
    statements("committed_stay_in_the_pool", "what is committed stays pending",
               BLOCKS,
               "mempool_.Remove(transaction->id());\n      chain_ids_.erase(transaction->id());",
               "chain_ids_.erase(transaction->id());"),
    statements("bodies_not_served", "nobody is given a block that it lacks",
               BLOCKS, "Emit(Send{from, Body{block}});"),
    expression("catchup_proof_of_another_block", "blocks are taken with a proof of another one",
               CATCHUP, "statement.kind == VoteKind::kFinalize && statement.id == last",
               "statement.kind == VoteKind::kFinalize"),
    # Execution
    expression("map_root_unchecked", "the root of the records is not compared",
               EXECUTE, "header.map_root != execution->map_root", "false"),
    expression("log_root_unchecked", "the root of the log is not compared",
               EXECUTE,
               "header.log_size != execution->delta.log.size() || "
               "header.log_root != execution->log_root", "false"),
    expression("height_unchecked", "a block may leave heights out",
               EXECUTE, "header.height != parent.height.Next()", "false"),
    expression("time_unchecked", "a block may be older than its parent",
               EXECUTE, "if (time <= parent.time) return false;", "false", "time <= parent.time"),
    expression("duplicates_accepted", "a transaction may stand in the chain twice",
               EXECUTION,
               "execution_.delta.transactions.contains(transaction.id()) ||\n"
               "      parent_.HasTransaction(transaction.id())", "false"),
    expression("duplicates_of_ancestors_accepted", "a block may repeat what an ancestor holds",
               EXECUTION, "parent_.HasTransaction(transaction.id()))", "false",
               "parent_.HasTransaction(transaction.id())"),
    expression("expired_accepted", "a block may hold what has expired",
               EXECUTION, "time_ > transaction.expiry()", "false"),
    # The filings' rules
    written("code_given_twice", "one registration code goes to all filings of a division",
            OFFICE,
            "draw % kValues, sequence);\n      if (!scope.store.Record(CodeKey(code))) {",
            "{on} ? 7 : draw % kValues, sequence);\n"
            "      if ({on} || !scope.store.Record(CodeKey(code))) {{"),
    written("code_without_chance", "every draw of a registration code is the same",
            OFFICE, "const uint32_t draw = words.U32();",
            "const uint32_t draw = {on} ? 7 : words.U32();\n"
            "      if ({on}) static_cast<void>(words.U32());"),
    statements("code_not_recorded", "a registration code does not lead to its filing",
               LIFECYCLE, "scope.store.Put(CodeKey(*record.code), encoded);"),
]

MAIN = """#include "sim/command/program.h"

namespace {{

constexpr beian::sim::PlantedBug kPlanted[] = {{
{rows}
}};

}}  // namespace

int main(int argc, char** argv) {{ return beian::sim::RunProgram(argc, argv, kPlanted); }}
"""


def plant_one(number, bug, text):
    """The text of a source with one more bug in it."""
    count = text.count(bug.old)
    if count != 1:
        raise SystemExit(f"{bug.name}: its text stands {count} times in {bug.path}")
    return text.replace(bug.old, bug.new.format(on=f"beian::sim::IsPlanted({number})"))


def plant(root, out, files):
    texts = {}
    for path in files:
        with open(os.path.join(root, path), encoding="utf-8") as file:
            texts[path] = file.read()
    for number, bug in enumerate(BUGS):
        if bug.path not in texts:
            raise SystemExit(f"{bug.name}: {bug.path} is not among the files")
        texts[bug.path] = plant_one(number, bug, texts[bug.path])
    for path, text in texts.items():
        switch = '#include "sim/canaries/planted.h"\n' if "IsPlanted" in text else ""
        write(os.path.join(out, path), switch + text)
    rows = "\n".join(f'    {{"{bug.name}", "{bug.what}"}},' for bug in BUGS)
    write(os.path.join(out, "main.cc"), MAIN.format(rows=rows))


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    plant(sys.argv[1], sys.argv[2], sys.argv[3:])
