#pragma once

// The tables of a sweep's database in SQL (docs/reference/sweep.md). Internal to sweep_store.

#include <cstdint>
#include <string>

namespace cfc::explore {

constexpr std::int64_t kApplicationId = 0x63666373;  // "cfcs"
constexpr std::int64_t kSchemaVersion = 1;

/// Makes all tables and views, and marks the database as ours.
std::string schema_sql();

/// Parameters in the order of the columns of `points`.
std::string insert_point_sql();

/// How many points the attached database `other` has in another way than the main one.
std::string conflicts_sql();

}  // namespace cfc::explore
