// The template files that a chain of theme folders sees, and what they compile to. Themes without
// templates of their own share their parent's, so that a thousand municipalities cost one set.
#pragma once

#include "kernel/themes/mustache.hpp"
#include "kernel/themes/theme_set.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>

namespace kernel::themes {

class Sources {
public:
    /// `folders`: theme folders with templates/, the nearest first, base last.
    Sources(std::vector<std::filesystem::path> folders, const ThemeSetOptions& options);

    bool has(std::string_view name) const;
    /// With a layout the template is put into its block `main`, unless it names a layout by itself.
    std::shared_ptr<const Template> get(std::string_view lang, std::string_view name,
                                        std::string_view layout) const;
    std::vector<std::string> names() const;
    /// Every defect of every template, in every language.
    std::vector<std::string> check() const;

private:
    std::map<std::string, Source, std::less<>> read() const;
    void read_folder(const std::filesystem::path& folder, const std::string& prefix, const std::string& shown,
                     const std::string& domain, std::map<std::string, Source, std::less<>>& into) const;
    std::filesystem::file_time_type stamp() const;
    void refresh() const;
    std::shared_ptr<const Template> compile(std::string_view lang, std::string_view name,
                                            std::string_view layout) const;

    std::vector<std::filesystem::path> folders_;
    const ThemeSetOptions& options_;
    mutable std::shared_mutex mutex_;
    mutable std::map<std::string, Source, std::less<>> sources_;
    mutable std::map<std::string, std::shared_ptr<const Template>, std::less<>> compiled_;
    mutable std::filesystem::file_time_type stamp_ = std::filesystem::file_time_type::min();
};

std::string read_bytes(const std::filesystem::path& file);

}  // namespace kernel::themes
