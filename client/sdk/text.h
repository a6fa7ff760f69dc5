#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace beian::client {

/// Unicode normal form C; nothing when `text` is not UTF-8.
std::optional<std::string> ToNfc(std::string_view text);

/// Columns that a terminal needs: 北 takes two, a combining mark none.
size_t DisplayWidth(std::string_view text);

/// `text` followed by spaces up to `width` columns.
std::string PadTo(std::string_view text, size_t width);

/// Text from outside, safe for a terminal: control, format, bidirectional, private and unassigned
/// code points and octets that are not UTF-8 stand as \u{...} or \x..
std::string Printable(std::string_view text);
/// The same for a text of several lines, whose line ends stay.
std::string PrintableLines(std::string_view text);

/// The candidate nearest to `word`, when near enough to be meant (Levenshtein distance of at most a
/// third of its length, at least 1) and no other is as near.
template <class Candidates>
std::optional<std::string> Nearest(std::string_view word, const Candidates& candidates);

size_t EditDistance(std::string_view a, std::string_view b);

template <class Candidates>
std::optional<std::string> Nearest(std::string_view word, const Candidates& candidates) {
  std::optional<std::string> best;
  size_t best_distance = std::max<size_t>(1, (word.size() + 1) / 3) + 1;
  for (const auto& candidate : candidates) {
    const size_t distance = EditDistance(word, candidate);
    if (distance > best_distance || best == candidate) continue;
    const bool as_near = distance == best_distance;
    best_distance = distance;
    best = as_near ? std::nullopt : std::optional<std::string>(candidate);
  }
  return best;
}

}  // namespace beian::client
