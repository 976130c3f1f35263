#include "kernel/themes/sources.hpp"

#include "kernel/themes/lint.hpp"

#include <algorithm>
#include <fstream>
#include <set>

namespace kernel::themes {

namespace fs = std::filesystem;
using concejo::Error;
using concejo::ErrorKind;

std::string read_bytes(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw Error(ErrorKind::not_found, "no se puede leer " + file.string());
    return {std::istreambuf_iterator<char>(in), {}};
}

Sources::Sources(std::vector<fs::path> folders, const ThemeSetOptions& options)
    : folders_(std::move(folders)), options_(options) {
    sources_ = read();
    if (options_.development) stamp_ = stamp();
}

void Sources::read_folder(const fs::path& folder, const std::string& prefix, const std::string& shown,
                          const std::string& domain, std::map<std::string, Source, std::less<>>& into) const {
    if (!fs::is_directory(folder)) return;
    for (const auto& entry :
         fs::recursive_directory_iterator(folder, fs::directory_options::follow_directory_symlink)) {
        if (!entry.is_regular_file() || entry.path().extension() != ".mustache") continue;
        const std::string below = entry.path().lexically_relative(folder).generic_string();
        const std::string name =
            prefix + below.substr(0, below.size() - std::string_view(".mustache").size());
        std::string owner = domain;
        for (const auto& plugin : options_.plugins) {
            if (name.starts_with(plugin.id + '/')) owner = plugin.id;
        }
        into.emplace(name, Source{read_bytes(entry.path()), shown + '/' + below, owner});
    }
}

std::map<std::string, Source, std::less<>> Sources::read() const {
    std::map<std::string, Source, std::less<>> all;  // what is found first stays
    const auto theme = [&](const fs::path& folder) {
        read_folder(folder / "templates", "", "themes/" + folder.filename().string() + "/templates", "base",
                    all);
    };
    for (std::size_t i = 0; i + 1 < folders_.size(); ++i) theme(folders_[i]);
    for (const auto& plugin : options_.plugins) {
        read_folder(plugin.folder, plugin.id + '/', "plugins/" + plugin.id + "/web/templates", plugin.id,
                    all);
    }
    if (!folders_.empty()) theme(folders_.back());
    return all;
}

fs::file_time_type Sources::stamp() const {
    auto latest = fs::file_time_type::min();
    const auto look = [&](const fs::path& folder) {
        std::error_code error;
        for (fs::recursive_directory_iterator
                 it(folder, fs::directory_options::follow_directory_symlink, error),
             end;
             !error && it != end; it.increment(error)) {
            latest = std::max(latest, fs::last_write_time(it->path(), error));
        }
    };
    for (const auto& folder : folders_) look(folder / "templates");
    for (const auto& plugin : options_.plugins) look(plugin.folder);
    return latest;
}

void Sources::refresh() const {
    const auto now = stamp();
    std::unique_lock lock(mutex_);
    if (now == stamp_) return;
    sources_ = read();
    compiled_.clear();
    stamp_ = now;
}

bool Sources::has(std::string_view name) const {
    std::shared_lock lock(mutex_);
    return sources_.find(name) != sources_.end();
}

std::vector<std::string> Sources::names() const {
    std::shared_lock lock(mutex_);
    std::vector<std::string> names;
    for (const auto& [name, source] : sources_) names.push_back(name);
    return names;
}

std::shared_ptr<const Template> Sources::compile(std::string_view lang, std::string_view name,
                                                 std::string_view layout) const {
    CompileOptions options;
    options.lang = lang;
    options.translate = options_.translate;
    const std::string wrapper = "\n" + std::string(layout);
    const Loader load = [&](std::string_view wanted) -> std::optional<Source> {
        if (wanted == wrapper) {
            const std::string in(layout), what(name);
            return Source{"{{<" + in + "}}{{$main}}{{>" + what + "}}{{/main}}{{/" + in + "}}", what, "base"};
        }
        const auto found = sources_.find(wanted);
        if (found == sources_.end()) return std::nullopt;
        if (options_.development) {
            const auto defects = lint_template(found->second.text, found->second.file);
            if (!defects.empty()) throw defects.front();
        }
        return found->second;
    };
    const auto source = sources_.find(name);
    if (source == sources_.end())
        throw Error(ErrorKind::not_found, "no existe la plantilla «" + std::string(name) + "»");
    const bool wrap = !layout.empty() && source->second.text.find("{{<layouts/") == std::string::npos;
    return std::make_shared<const Template>(
        Template::compile(wrap ? wrapper : std::string(name), load, options));
}

std::shared_ptr<const Template> Sources::get(std::string_view lang, std::string_view name,
                                             std::string_view layout) const {
    if (options_.development) refresh();
    std::string key(lang);
    key.append("\n").append(name).append("\n").append(layout);
    {
        std::shared_lock lock(mutex_);
        if (const auto found = compiled_.find(key); found != compiled_.end()) return found->second;
    }
    std::unique_lock lock(mutex_);
    auto& slot = compiled_[key];
    if (!slot) {
        try {
            slot = compile(lang, name, layout);
        } catch (...) {
            compiled_.erase(key);
            throw;
        }
    }
    return slot;
}

std::vector<std::string> Sources::check() const {
    std::set<std::string> found;
    std::shared_lock lock(mutex_);
    for (const auto& [name, source] : sources_) {
        for (const auto& defect : lint_template(source.text, source.file)) found.insert(defect.what());
        for (const auto& lang : options_.languages) {
            try {
                compile(lang, name, "");
            } catch (const Error& error) {
                found.insert(error.what());
            }
        }
    }
    return {found.begin(), found.end()};
}

}  // namespace kernel::themes
