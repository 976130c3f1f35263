#include "kernel/authoring/plugin_texts.hpp"

#include "kernel/base/files.hpp"
#include "kernel/base/tr.hpp"
#include "kernel/i18n/catalogs.hpp"
#include "kernel/i18n/gate.hpp"
#include "kernel/i18n/po.hpp"
#include "kernel/themes/theme_set.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace kernel::authoring {
namespace {

namespace fs = std::filesystem;
using i18n::Message;

constexpr std::size_t largest_source = 4 << 20;

std::vector<fs::path> files_below(const fs::path& folder, std::initializer_list<std::string_view> endings) {
    std::vector<fs::path> found;
    if (!fs::is_directory(folder)) return found;
    for (const auto& entry :
         fs::recursive_directory_iterator(folder, fs::directory_options::follow_directory_symlink)) {
        const auto name = entry.path().filename().string();
        for (const auto ending : endings) {
            if (entry.is_regular_file() && name.ends_with(ending) && !name.ends_with("_test.cpp"))
                found.push_back(entry.path());
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

class Texts {
public:
    explicit Texts(const PluginFolder& plugin) : plugin_(plugin) {}

    std::vector<std::string> check() {
        for (const auto& file : files_below(plugin_.folder / "web" / "templates", {".mustache"}))
            keep(i18n::extract_template(base::read_file(file, largest_source), shown(file, plugin_.folder)));
        for (const auto& file : files_below(plugin_.sources, {".cpp", ".hpp"}))
            keep(i18n::extract_cpp(base::read_file(file, largest_source),
                                   shown(file, plugin_.sources.parent_path())));
        catalogs();
        if (messages_.empty()) return found_;
        if (!fs::is_directory(locale())) {
            found_.push_back(base::tr(
                "el complemento tiene textos y no tiene locale/: traduzca ca.po, gl.po, eu.po y en.po"));
            return found_;
        }
        i18n::GateInput input;
        input.domain = plugin_.id;
        input.po = locale();
        input.fallback = plugin_.share / "themes" / "base" / "locale";
        input.shown_from = plugin_.folder;
        for (auto& [msgid, message] : messages_) input.messages.push_back(std::move(message));
        for (auto& defect : i18n::check_translations(input)) found_.push_back(std::move(defect));
        return found_;
    }

private:
    fs::path locale() const { return plugin_.folder / "locale"; }
    static std::string shown(const fs::path& file, const fs::path& from) {
        return file.lexically_relative(from).generic_string();
    }
    void keep(std::vector<Message> messages) {
        for (auto& message : messages) messages_.emplace(message.msgid, std::move(message));
    }
    /// A text of the code is known by its translations: what one language has, all must have. With the
    /// sources at hand they say which texts there are, and a translation of none of them is left over.
    void catalogs() {
        for (const auto language : i18n::languages) {
            const auto file = locale() / (std::string(language) + ".po");
            if (language == "es" || !fs::exists(file)) continue;
            try {
                const auto po =
                    i18n::parse_po(base::read_file(file, largest_source), shown(file, plugin_.folder));
                if (!plugin_.sources.empty()) continue;
                for (const auto& entry : po.entries)
                    messages_.emplace(entry.msgid, Message{entry.msgid, entry.plural, po.file, entry.line});
            } catch (const concejo::Error& error) {
                found_.emplace_back(error.what());
            }
        }
    }

    const PluginFolder& plugin_;
    std::map<std::string, Message> messages_;
    std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> check_texts(const PluginFolder& plugin) {
    try {
        return Texts(plugin).check();
    } catch (const concejo::Error& error) {
        return {error.what()};
    }
}

std::vector<std::string> check_templates(const PluginFolder& plugin) {
    const auto web = plugin.folder / "web";
    if (!fs::is_directory(web / "templates")) return {};
    std::vector<std::string> found;
    try {
        themes::ThemeSetOptions options;
        options.folder = plugin.share / "themes";
        options.plugins.push_back(
            {plugin.id, web / "templates", fs::exists(web / "static") ? web / "static" : fs::path()});
        options.translate = [](std::string_view, std::string_view, std::string_view msgid) {
            return std::string(msgid);
        };
        const themes::ThemeSet themes(std::move(options));
        const auto prefix = fmt::format("plugins/{}/", plugin.id);
        for (auto& defect : themes.check("base")) {
            // Base has gates of its own; what is told of its files here comes from what a template asks of
            // them.
            if (defect.starts_with(prefix)) found.push_back(defect.substr(prefix.size()));
        }
    } catch (const concejo::Error& error) {
        found.emplace_back(error.what());
    }
    return found;
}

}  // namespace kernel::authoring
