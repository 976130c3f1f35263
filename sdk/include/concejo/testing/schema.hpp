// A municipality's schema and role in the test's database, with the plugin's migrations and the rights that
// the kernel gives: handlers read and write rows, and alter nothing.
#pragma once

#include <concejo/testing/database.hpp>

#include <algorithm>

namespace concejo::inline v1::testing {

class Schema {
public:
    /// Throws with the file's name where a migration fails.
    Schema(Database& database, const std::filesystem::path& migrations)
        : name_("m_prueba_" + std::to_string(++count())), owner_(database.connect()) {
        owner_->script("set client_min_messages = warning; create role " + name_ +
                       " nologin; create schema " + name_ +
                       " authorization concejo_owner; grant usage on schema " + name_ + " to " + name_ +
                       "; set search_path = " + name_ + ", ext; set timezone = 'UTC'");
        for (const auto& file : files_of(migrations)) {
            std::ifstream in(file, std::ios::binary);
            const std::string sql{std::istreambuf_iterator<char>(in), {}};
            try {
                owner_->script("begin; set local role concejo_owner; set local search_path = " + name_ +
                               ", ext");
                owner_->script(sql);
                owner_->script("commit");
            } catch (const Error& error) {
                throw Error(error.kind(), file.string() + ": " + error.what());
            }
        }
        owner_->script("grant select, insert, update, delete on all tables in schema " + name_ + " to " +
                       name_ + "; grant usage, select on all sequences in schema " + name_ + " to " + name_ +
                       "; revoke execute on all functions in schema " + name_ +
                       " from public; grant execute on all functions in schema " + name_ + " to " + name_);
    }
    ~Schema() {
        try {
            owner_->script("drop schema " + name_ + " cascade; drop role " + name_);
        } catch (const Error&) {
            // The whole server goes with the program.
        }
    }
    Schema(const Schema&) = delete;
    Schema& operator=(const Schema&) = delete;

    const std::string& name() const { return name_; }
    /// A session with all rights.
    Connection& owner() { return *owner_; }

private:
    static int& count() {
        static int made = 0;
        return made;
    }
    static std::vector<std::filesystem::path> files_of(const std::filesystem::path& folder) {
        std::vector<std::filesystem::path> files;
        if (!std::filesystem::exists(folder)) return files;
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            if (entry.path().extension() == ".sql") files.push_back(entry.path());
        }
        std::sort(files.begin(), files.end());
        return files;
    }

    std::string name_;
    std::unique_ptr<Connection> owner_;
};

}  // namespace concejo::inline v1::testing
