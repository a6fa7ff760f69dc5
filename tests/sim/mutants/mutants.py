#!/usr/bin/env python3
"""Puts one bug after another into the production code and asks the simulator to find it.

    mutants.py [--build build/release] [--seeds 1500] [--only NAME]

Each mutant replaces one text in one file, which must stand there exactly once: a mutant that no longer
applies is an error, so that the list follows the code. The mutated copy is compiled with the flags of
the build's compile_commands.json into a folder of its own; the tree is not touched. Exit code 0 only
when every mutant was found within the seeds, or is marked as one that heals and was not.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import namedtuple

# nodes: sizes to try. heals: liveness or latency only, the protocol makes up for it.
Mutant = namedtuple("Mutant", "name path old new nodes heals", defaults=[(4,), False])

CORE = "node/consensus/core.cc"
PROPOSE = "node/consensus/core_propose.cc"
TIMERS = "node/consensus/core_timers.cc"
REENTRY = "node/consensus/core_reentry.cc"
REPLICA = "node/replica/replica.cc"
BLOCKS = "node/replica/replica_blocks.cc"
TRANSACTIONS = "node/replica/replica_transactions.cc"

MUTANTS = [
    # Votes and certificates
    Mutant("quorum_short_by_one", CORE, "quorum_(config_.set.quorum())",
           "quorum_(config_.set.quorum() - 1)"),
    Mutant("tally_by_view_only", CORE, "if (vote.statement == statement) certificate",
           "if (vote.statement.kind == statement.kind) certificate"),
    Mutant("vote_before_sync", CORE, "    Emit(SyncLog{});\n    Emit(Send{std::nullopt, vote});",
           "    Emit(Send{std::nullopt, vote});\n    Emit(SyncLog{});"),
    Mutant("vote_not_logged", CORE, "  Emit(AppendRecord{VoteRecord{vote}});\n", ""),
    Mutant("certificate_not_logged", CORE,
           "  Emit(AppendRecord{CertificateRecord{certificate}});\n", ""),
    Mutant("evidence_against_the_legal_pair", CORE,
           "  if (vote.statement.kind == VoteKind::kNotarize) return true;\n", ""),
    Mutant("no_relay", CORE, "  if (muted_ || config_.set.size() == 1) return;", "  return;",
           heals=True),
    Mutant("enter_keeps_the_build", CORE, "  building_.reset();\n", ""),
    Mutant("other_block_of_the_leader_kept", CORE,
           "      state.proposal.reset();", "      state.proposal->view = state.proposal->view;",
           heals=True),
    # Proposals
    Mutant("parent_gap_unchecked", PROPOSE, "!GapNullified(proposal.parent_view, view_)", "false"),
    Mutant("any_parent", PROPOSE, "return *known == parent ? Evidenced::kYes",
           "return true ? Evidenced::kYes"),
    Mutant("notarize_after_nullify", PROPOSE,
           "if (!state.proposal || state.mine.Any() || !MayVote(view_)) return;",
           "if (!state.proposal || state.mine.notarize || !MayVote(view_)) return;"),
    Mutant("list_unchecked", PROPOSE,
           " &&\n         TransactionRoot(proposal.wire_ids) == header.tx_root", ""),
    Mutant("not_the_leader", PROPOSE, "header.proposer == Leader(proposal.view) &&", ""),
    Mutant("finalize_after_nullify", PROPOSE,
           "!state.mine.nullify && !state.mine.finalize;", "!state.mine.finalize;"),
    Mutant("unexecuted_block_notarized", PROPOSE, "if (!valid_.contains(id)) {",
           "if (!valid_.contains(id) && state.validating == false) {"),
    Mutant("body_not_logged", PROPOSE, "  Emit(AppendBody{id});\n", ""),
    Mutant("proposal_not_logged", PROPOSE, "  Emit(AppendRecord{ProposalRecord{proposal}});\n", ""),
    # Timers
    Mutant("nullify_after_finalize", TIMERS,
           "!state.mine.nullify && !state.mine.finalize && MayVote(view_)",
           "!state.mine.nullify && MayVote(view_)"),
    Mutant("never_retries", TIMERS, "retry_at_ = now.steady + retry_ms_;",
           "retry_at_ = now.steady + 100'000'000;"),
    Mutant("never_arms", TIMERS, "  if (armed) armed_at_ = now.steady;", ""),
    Mutant("always_wants_a_block", TIMERS, "return work_ || EmptyAllowed(now);", "return now.steady >= SteadyMs(0);"),
    # Recovery and re-entry
    Mutant("own_vote_not_tallied_again", REENTRY,
           "    Observe(own->vote, true);   // back", "    // back"),
    Mutant("nullify_forgotten", REENTRY, "state.mine.nullify = true; break;", "break;"),
    Mutant("notarize_forgotten", REENTRY, "state.mine.notarize = statement; break;", "break;"),
    Mutant("finalize_forgotten", REENTRY, "state.mine.finalize = statement; break;", "break;"),
    Mutant("reentry_forgotten", REENTRY, "    muted_ = true;\n", ""),
    Mutant("floor_too_low_by_many", REENTRY, "floor_ = highest.Next();", "floor_ = View(1);",
           (4, 7)),
    Mutant("two_answers_suffice", REENTRY, "answers_.size() >= quorum_", "answers_.size() >= 1",
           (4, 7)),
    Mutant("floor_not_durable", REENTRY, "  Emit(AppendRecord{FloorRecord{config_.epoch, floor_}});\n",
           ""),
    Mutant("mute_answers", REENTRY, "if (muted_ || observer_ ||", "if (observer_ ||", (4, 7)),
    Mutant("votes_below_the_floor", CORE,
           "!observer_ && !muted_ && view > floor_ && view > final_.view",
           "!observer_ && !muted_ && view > final_.view", (4, 7)),
    Mutant("votes_while_mute", CORE, "!observer_ && !muted_ && view > floor_",
           "!observer_ && view > floor_"),
    Mutant("own_votes_alarm_while_mute", CORE, "started_ && !muted_ &&", "started_ &&"),
    # Replica
    Mutant("prunes_too_much", BLOCKS, "PruneLog{Epoch(0), std::min(below, core_.final().view)}",
           "PruneLog{Epoch(0), core_.view() + 1}"),
    Mutant("delivers_twice", BLOCKS, "    delivered_ = path[i]->header;",
           "    Emit(CommitBlock{path[i], tree_.ExecutionOf(path[i]->id), own});\n"
           "    delivered_ = path[i]->header;"),
    Mutant("proof_without_path", BLOCKS, "own.descendants.push_back(path[j]->header)",
           "static_cast<void>(j)"),
    Mutant("committed_stay_in_the_pool", BLOCKS, "      mempool_.Remove(transaction->id());\n", ""),
    Mutant("never_serves_bodies", BLOCKS, "Emit(Send{from, Body{block}});", "static_cast<void>(from);"),
    Mutant("never_gossips", TRANSACTIONS, "  Announce(added);\n", "", heals=True),
    Mutant("ancestors_forgotten_by_the_builder", BLOCKS,
           "build.parent == chain_tip_ ? chain_ids_ : kNone", "kNone", heals=True),
    # Execution
    Mutant("map_root_unchecked", "ledger/chain/execute.cc",
           "header.map_root != execution->map_root", "false"),
    Mutant("duplicates_accepted", "ledger/chain/block_execution.cc",
           "    return std::unexpected(Refusal::kDuplicate);\n", "    return {};\n"),
    Mutant("expired_accepted", "ledger/chain/block_execution.cc",
           "  if (time_ > transaction.expiry()) return std::unexpected(Refusal::kExpired);\n", ""),
]


def commands(build):
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        return {os.path.realpath(c["file"]): c for c in json.load(file)}


def mutate(root, mutant, folder):
    with open(os.path.join(root, mutant.path), encoding="utf-8") as file:
        text = file.read()
    if text.count(mutant.old) != 1:
        raise SystemExit(f"{mutant.name}: its text stands {text.count(mutant.old)} times in "
                         f"{mutant.path}")
    path = os.path.join(folder, os.path.basename(mutant.path))
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(mutant.old, mutant.new))
    return path


def compile_mutant(root, build, mutant, source, folder):
    command = commands(build)[os.path.realpath(os.path.join(root, mutant.path))]
    object_path = os.path.join(folder, "mutant.o")
    words = re.sub(r"-o \S+", f"-o {object_path}", command["command"])
    words = re.sub(r"-c \S+", f"-c {source}", words)
    words += " -Wno-error -w"
    run = subprocess.run(words, shell=True, cwd=command["directory"], capture_output=True, text=True)
    if run.returncode != 0:
        raise SystemExit(f"{mutant.name} does not compile:\n{run.stderr}")
    return object_path


def link(build, object_path, folder):
    """The mutated object stands before the archives, so that its symbols win."""
    program = os.path.join(folder, "beian-sim")
    query = subprocess.run(["ninja", "-C", build, "-t", "commands", "bin/beian-sim"],
                           capture_output=True, text=True, check=True).stdout.splitlines()
    words = re.sub(r"-o bin/beian-sim\b", f"{object_path} -o {program} -Wl,--allow-multiple-definition",
                   query[-1])
    run = subprocess.run(words, shell=True, cwd=build, capture_output=True, text=True)
    if run.returncode != 0:
        raise SystemExit(f"link: {run.stderr}")
    return program


def find(program, mutant, seeds):
    """(nodes, seed, reason) of the first failure, or nothing. Hundred seeds at a time."""
    for first in range(0, seeds, 100):
        for nodes in mutant.nodes:
            run = subprocess.run(
                [program, "run", "--nodes", str(nodes), "--seeds", f"{first}:{first + 100}",
                 "--check-determinism", "0", "--first"], capture_output=True, text=True, check=False)
            output = run.stdout + run.stderr
            hit = re.search(r"(FAILED|ABORTED) seed (\d+)\n\s*(.*)", output)
            if hit:
                return nodes, int(hit.group(2)), hit.group(1) + " " + hit.group(3)
            if run.returncode != 0:
                return nodes, first, f"exit code {run.returncode}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--seeds", type=int, default=1500)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    root = os.path.realpath(os.path.join(os.path.dirname(__file__), "../../.."))
    build = os.path.realpath(os.path.join(root, arguments.build))
    missed = 0
    for mutant in MUTANTS:
        if arguments.only and arguments.only not in mutant.name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            source = mutate(root, mutant, folder)
            program = link(build, compile_mutant(root, build, mutant, source, folder), folder)
            hit = find(program, mutant, arguments.seeds)
        verdict = "found" if hit else "heals" if mutant.heals else "MISSED"
        missed += verdict == "MISSED"
        detail = f"n={hit[0]} seed {hit[1]}: {hit[2][:110]}" if hit else ""
        print(f"{verdict:7} {mutant.name:36} {detail}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
