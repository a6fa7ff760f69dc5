#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace beian::client {

/// What an organisation in Beijing would fill in; its credit code follows from `number`.
std::map<std::string, std::string> OrganisationFields(uint32_t number = 1);

/// Fields as a filing file.
std::string FieldsJson(const std::map<std::string, std::string>& fields);
/// The organisation's as a filing file.
std::string OrganisationJson(uint32_t number = 1);

}  // namespace beian::client
