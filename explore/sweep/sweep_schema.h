#pragma once

// The tables of a sweep's database in SQL (docs/reference/sweep.md). Internal to sweep_store.

#include <cstdint>
#include <string>
#include <vector>

namespace cfc::explore {

constexpr std::int64_t kApplicationId = 0x63666373;  // "cfcs"
constexpr std::int64_t kSchemaVersion = 4;

/// A table, all of whose rows end in a seal over their other columns.
struct Table {
  const char* name;
  std::vector<std::string> columns;  ///< without the seal
};

Table networks_table();
Table points_table();
Table simulations_table();

/// Statements that make all tables and views, one each.
std::vector<std::string> schema();

/// Parameters in the order of the table's columns. `insert` is how, say "INSERT OR IGNORE".
std::string insert_sql(const std::string& insert, const Table& table);

/// How many rows do not have the seal of their values.
std::string broken_seals_sql(const Table& table);

/// How many points the attached database `other` has in another way than the main one.
std::string conflicts_sql();

}  // namespace cfc::explore
