#pragma once

#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <chrono>
#include <cstdint>

namespace beian {

/// Completion token of a coroutine that looks at `error` instead of catching an exception.
inline auto Into(asio::error_code& error) {
  return asio::redirect_error(asio::use_awaitable, error);
}

inline std::chrono::milliseconds Milliseconds(uint64_t count) {
  return std::chrono::milliseconds(static_cast<int64_t>(count));
}

}  // namespace beian
