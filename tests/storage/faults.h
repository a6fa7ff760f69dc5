#pragma once

#include "tests/storage/flips.h"

namespace beian::storage {

/// Lives a node's storage through, once for every call that it makes to the disk: that call fails,
/// or the power goes at it. What had been promised to others by then must stand when it is opened
/// again, or a finding names what does not; and nothing is accepted after a failure.
void FailCalls(const Ground& ground, const CampaignOptions& options, Table& table);

}  // namespace beian::storage
