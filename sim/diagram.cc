#include "sim/diagram.h"

#include <fmt/format.h>

#include <algorithm>

namespace beian::sim {
namespace {

constexpr size_t kRowsMax = 40;
constexpr size_t kDiagramColumns = 120;
constexpr char kUp = '|', kDown = ' ', kDishonest = ':';

size_t WidthFor(size_t nodes) {
  if (nodes <= 4) return 8;
  if (nodes <= 7) return 6;
  return nodes <= 10 ? 5 : 3;
}

/// What is told again and again, and decides nothing.
bool IsChatter(const Message& message) {
  return std::holds_alternative<Status>(message) ||
         std::holds_alternative<TransactionBatch>(message);
}

/// A character for an action that has a row; 0: it has none.
char MarkOf(const Action& action) {
  if (const auto* append = std::get_if<AppendRecord>(&action)) {
    return std::holds_alternative<VoteRecord>(append->record) ? '*' : '\0';
  }
  if (std::holds_alternative<CommitBlock>(action)) return '=';
  const bool alarming = std::holds_alternative<Evidence>(action) ||
                        std::holds_alternative<Halt>(action);
  return alarming ? '!' : '\0';
}

void TrimRight(std::string& text) { text.erase(text.find_last_not_of(' ') + 1); }

}  // namespace

Diagram::Diagram(const Options& options)
    : width_(WidthFor(options.nodes)), lifelines_(options.nodes, kDown) {
  const size_t dishonest = std::min(options.dishonest, (options.nodes - 1) / 3);
  std::fill(lifelines_.end() - static_cast<std::ptrdiff_t>(dishonest), lifelines_.end(),
            kDishonest);
}

void Diagram::Take(const Traced& traced) {
  if (const auto* turn = std::get_if<Traced::Turn>(&traced.what)) {
    lifelines_[traced.node.value()] = turn->up ? kUp : kDown;
  }
  auto row = MakeRow(traced);
  if (!row) {
    last_ = Row{traced.time_ms, traced.node.value(), std::nullopt, '?', lifelines_, Line(traced)};
    return;
  }
  last_.reset();
  rows_.push_back(*std::move(row));
  if (rows_.size() > kRowsMax) rows_.pop_front();
}

std::optional<Diagram::Row> Diagram::MakeRow(const Traced& traced) const {
  Row row{traced.time_ms, traced.node.value(), std::nullopt, ' ', lifelines_, ""};
  if (const auto* turn = std::get_if<Traced::Turn>(&traced.what)) {
    row.mark = turn->up ? '^' : 'X';
    row.text = turn->text;
  } else if (const auto* event = std::get_if<const Event*>(&traced.what)) {
    const auto* arrived = std::get_if<PeerMessage>(*event);
    if (arrived == nullptr || IsChatter(arrived->message)) return std::nullopt;
    row.from = arrived->from.value();
    row.text = Line(arrived->message);
  } else if (const auto* action = std::get_if<const Action*>(&traced.what)) {
    row.mark = MarkOf(**action);
    if (row.mark == '\0') return std::nullopt;
    row.text = Line(**action);
  }
  return row;
}

std::string Diagram::DrawRow(const Row& row) const {
  std::string lanes(lifelines_.size() * width_, ' ');
  for (size_t i = 0; i < row.lifelines.size(); ++i) lanes[Place(i)] = row.lifelines[i];
  if (row.from) {
    const size_t low = Place(std::min(*row.from, row.node));
    const size_t high = Place(std::max(*row.from, row.node));
    for (size_t i = low + 1; i < high; ++i) lanes[i] = '-';
    if (*row.from < row.node) lanes[high - 1] = '>';
    if (*row.from > row.node) lanes[low + 1] = '<';
  } else {
    lanes[Place(row.node)] = row.mark;
  }
  std::string line = fmt::format("{:>10}  {}  {}", row.time_ms, lanes, row.text);
  if (line.size() > kDiagramColumns) line = line.substr(0, kDiagramColumns - 2) + "..";
  TrimRight(line);
  return line + "\n";
}

std::string Diagram::Names() const {
  std::string names(lifelines_.size() * width_, ' ');
  for (size_t i = 0; i < lifelines_.size(); ++i) {
    const std::string name = (width_ == 8 ? "node " : width_ > 3 ? "n" : "") + std::to_string(i);
    names.replace(Place(i) - name.size() / 2, name.size(), name);
  }
  std::string line = fmt::format("{:>10}  {}", "time ms", names);
  TrimRight(line);
  return line + "\n";
}

std::string Diagram::Draw() const {
  std::string text = Names();
  for (const Row& row : rows_) text += DrawRow(row);
  if (last_) text += DrawRow(*last_);
  return text +
         "  arrow: arrives; * own vote goes to its log, = commits, ^ starts, X dies, ! alarm; "
         ": is dishonest\n";
}

}  // namespace beian::sim
