#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

struct sqlite3;
struct sqlite3_stmt;

namespace cfc {

/// A connection to a SQLite file. What SQLite refuses is an InputError that names the file. Its SQL
/// has the function `seal(VALUE, ...)`: SHA-256 of the values and their types, in hexadecimal.
class Sqlite {
 public:
  /// What a connection is for. One that writes makes a file that is not there.
  enum class Access { read, write };

  explicit Sqlite(const std::filesystem::path& file, Access access = Access::write);
  ~Sqlite();
  Sqlite(const Sqlite&) = delete;
  Sqlite& operator=(const Sqlite&) = delete;

  /// Runs statements that give no rows.
  void execute(const std::string& sql);

  /// The first column of the first row, of a query that has one.
  std::int64_t integer(const std::string& sql);

  /// Throws InputError if any page, row or index of the database is damaged.
  void check_integrity();

  /// Makes the tables of another file readable as `name`.TABLE.
  void attach_to_read(const std::filesystem::path& other, const std::string& name);

  /// Rows that the last statement changed.
  int changes() const;

  sqlite3* handle() const { return handle_; }
  const std::filesystem::path& file() const { return file_; }

  /// Throws the InputError for what SQLite said last.
  [[noreturn]] void fail() const;

  /// Throws the InputError for what SQLite takes for good, but is not.
  [[noreturn]] void fail_damaged() const;

 private:
  std::filesystem::path file_;
  sqlite3* handle_{};
};

/// A prepared statement; parameters and columns count from 1 and 0, as in SQLite.
class Statement {
 public:
  Statement(Sqlite& database, const std::string& sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& bind(int parameter, const std::string& text);  ///< empty: NULL
  Statement& bind(int parameter, std::uint64_t value);
  Statement& bind(int parameter, double value);
  Statement& bind_null(int parameter);

  /// Goes to the next row; false behind the last one, and then the statement can run again.
  bool step();

  int columns() const;
  std::string name(int column) const;
  bool is_null(int column) const;
  bool is_text(int column) const;
  bool is_integer(int column) const;
  std::string text(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;

 private:
  void check(int code) const;

  Sqlite& database_;
  sqlite3_stmt* statement_{};
};

/// Changes that appear together or not at all; taken back unless committed.
class Transaction {
 public:
  explicit Transaction(Sqlite& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void commit();

 private:
  Sqlite& database_;
  bool open_{true};
};

}  // namespace cfc
