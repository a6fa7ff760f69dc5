#pragma once

#include <string_view>

namespace beian {

/// Well-formed UTF-8 without control, bidirectional-control, line-separator, private-use or
/// non-character code points. Decided by ranges fixed here and not by a Unicode library, whose
/// version may differ between nodes; clients also bring texts into NFC before they sign.
bool IsPlainText(std::string_view text);

}  // namespace beian
