#include "support/sqlite.h"

#include <string_view>

#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include "support/digest.h"
#include "support/error.h"
#include "support/text.h"

namespace cfc {
namespace {

namespace fs = std::filesystem;

/// Patience with another process that writes to the same file.
constexpr int kBusyTimeoutMs = 60'000;

/// URIs, because only they can say that an attached file is not to be written.
constexpr int kAlways = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;

/// Of a file that is there. A plain connection to it, because one that may not write leaves
/// SQLite's files behind; but in a folder that cannot be written it could not make them. Where they
/// are not there already, no other process writes to the file.
std::string uri_to_read(const fs::path& file) {
  std::string uri = "file:";
  for (const char c : fs::absolute(file).string()) {
    const bool has_meaning = c == '%' || c == '?' || c == '#';
    uri += has_meaning ? fmt::format("%{:02x}", c) : std::string(1, c);
  }
  const fs::path folder = fs::absolute(file).parent_path();
  const bool can_write = access(folder.c_str(), W_OK) == 0;
  return uri +
         (can_write || fs::exists(file.string() + "-wal") ? "?mode=rw" : "?mode=ro&immutable=1");
}

std::string advice(int code) {
  switch (code & 0xff) {
    case SQLITE_NOTADB:
      return "is not a SQLite database; give another file, or one that is not there yet";
    case SQLITE_FULL:
    case SQLITE_IOERR:
      return "cannot be written, the disk may be full; what was stored before is kept, so make "
             "room and ask again";
    case SQLITE_CANTOPEN:
      return "cannot be opened; give a file in a folder that can be written";
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return "may not be written; give a file that may";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "is in use by another program; ask again when that has ended";
    case SQLITE_CORRUPT:
      return "is a damaged database; give another file";
    default:
      return "SQLite refuses";
  }
}

template <typename T>
std::string_view bytes_of(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

/// A value with its type and, where that varies, its length, so that no two rows read the same.
void append(std::string& row, sqlite3_value* value) {
  const int type = sqlite3_value_type(value);
  row += static_cast<char>(type);
  if (type == SQLITE_INTEGER) {
    row += bytes_of(sqlite3_value_int64(value));
  } else if (type == SQLITE_FLOAT) {
    row += bytes_of(sqlite3_value_double(value));
  } else if (type != SQLITE_NULL) {
    const void* bytes = sqlite3_value_blob(value);
    const int size = sqlite3_value_bytes(value);
    row += bytes_of(size);
    row.append(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
  }
}

/// The SQL function `seal`.
void seal(sqlite3_context* context, int values, sqlite3_value** value) {
  std::string row;
  for (int i = 0; i < values; ++i) append(row, value[i]);
  const std::string digest = sha256_of_text(row);
  sqlite3_result_text(context, digest.data(), static_cast<int>(digest.size()), SQLITE_TRANSIENT);
}

}  // namespace

Sqlite::Sqlite(const fs::path& file, Access access) : file_(file) {
  // SQLite would take it for a temporary database.
  if (file.empty()) throw InputError("a database has an empty name; give a file");
  const int flags = SQLITE_OPEN_READWRITE | (access == Access::write ? SQLITE_OPEN_CREATE : 0);
  const std::string name = access == Access::read ? uri_to_read(file) : fs::absolute(file).string();
  if (sqlite3_open_v2(name.c_str(), &handle_, flags | kAlways, nullptr) != SQLITE_OK) {
    try {
      fail();
    } catch (...) {
      sqlite3_close(handle_);
      throw;
    }
  }
  sqlite3_extended_result_codes(handle_, 1);
  sqlite3_busy_timeout(handle_, kBusyTimeoutMs);
  sqlite3_create_function(handle_, "seal", -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, seal,
                          nullptr, nullptr);
}

Sqlite::~Sqlite() { sqlite3_close(handle_); }

void Sqlite::check_integrity() {
  Statement check(*this, "PRAGMA integrity_check(1)");
  check.step();
  if (check.text(0) != "ok") fail_damaged();
}

void Sqlite::execute(const std::string& sql) {
  if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

std::int64_t Sqlite::integer(const std::string& sql) {
  Statement query(*this, sql);
  query.step();
  return query.integer(0);
}

void Sqlite::attach_to_read(const fs::path& other, const std::string& name) {
  Statement attach(*this, "ATTACH ? AS " + name);
  attach.bind(1, uri_to_read(other)).step();
}

int Sqlite::changes() const { return sqlite3_changes(handle_); }

void Sqlite::fail() const {
  throw InputError(fmt::format("{}: {} ({})", file_.string(),
                               advice(sqlite3_extended_errcode(handle_)),
                               printable(sqlite3_errmsg(handle_))));
}

void Sqlite::fail_damaged() const {
  throw InputError(fmt::format("{}: {}", file_.string(), advice(SQLITE_CORRUPT)));
}

Statement::Statement(Sqlite& database, const std::string& sql) : database_(database) {
  check(sqlite3_prepare_v2(database.handle(), sql.c_str(), -1, &statement_, nullptr));
}

Statement::~Statement() { sqlite3_finalize(statement_); }

void Statement::check(int code) const {
  if (code != SQLITE_OK) database_.fail();
}

Statement& Statement::bind(int parameter, const std::string& text) {
  if (text.empty()) return bind_null(parameter);
  check(sqlite3_bind_text(statement_, parameter, text.data(), static_cast<int>(text.size()),
                          SQLITE_TRANSIENT));
  return *this;
}

Statement& Statement::bind(int parameter, std::uint64_t value) {
  check(sqlite3_bind_int64(statement_, parameter, static_cast<sqlite3_int64>(value)));
  return *this;
}

Statement& Statement::bind(int parameter, double value) {
  check(sqlite3_bind_double(statement_, parameter, value));
  return *this;
}

Statement& Statement::bind_null(int parameter) {
  check(sqlite3_bind_null(statement_, parameter));
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) {
    try {
      database_.fail();
    } catch (...) {
      sqlite3_reset(statement_);
      throw;
    }
  }
  sqlite3_reset(statement_);
  return false;
}

int Statement::columns() const { return sqlite3_column_count(statement_); }
std::string Statement::name(int column) const { return sqlite3_column_name(statement_, column); }
bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}
bool Statement::is_text(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_TEXT;
}
bool Statement::is_integer(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_INTEGER;
}
std::string Statement::text(int column) const {
  const unsigned char* text = sqlite3_column_text(statement_, column);
  return text == nullptr ? "" : reinterpret_cast<const char*>(text);
}
std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}
double Statement::real(int column) const { return sqlite3_column_double(statement_, column); }

Transaction::Transaction(Sqlite& database) : database_(database) {
  database.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  // SQLite takes some failed transactions back by itself; then this one only says so.
  if (open_) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

}  // namespace cfc
