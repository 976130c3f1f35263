#include "plugins/evidence/bundle/bundle.hpp"
#include "plugins/evidence/bundle/manifest.hpp"
#include "plugins/evidence/log/jcs.hpp"

#include <algorithm>
#include <map>

namespace evidence::bundle {
namespace {

/// The files by name, each asked for once.
class Taken {
public:
    explicit Taken(const std::vector<File>& files) : files_(files), taken_(files.size()) {}

    const File* take(std::string_view name) {
        for (std::size_t i = 0; i < files_.size(); ++i)
            if (files_[i].name == name && !taken_[i]) return taken_[i] = true, &files_[i];
        return nullptr;
    }
    bool into(std::string_view name, std::string_view& bytes) {
        const auto* file = take(name);
        if (file) bytes = file->bytes;
        return file != nullptr;
    }
    bool all() const { return std::find(taken_.begin(), taken_.end(), false) == taken_.end(); }

private:
    const std::vector<File>& files_;
    std::vector<bool> taken_;
};

bool take_statements(Taken& taken, Bundle& bundle) {
    for (unsigned number = 1; number <= 999; ++number) {
        Bundle::Proven proven;
        if (!taken.into(leaf_name(number), proven.leaf)) break;
        if (!taken.into(proof_name(number), proven.proof)) return false;
        bundle.statements.push_back(proven);
    }
    return !bundle.statements.empty();
}

bool take_attachments(Taken& taken, Bundle& bundle) {
    std::map<std::pair<std::string_view, Attached>, std::vector<unsigned>> numbers;
    for (const auto& file : bundle.files) {
        const auto name = parse_attached(file.name);
        if (!name) continue;
        const auto of = std::find_if(bundle.files.begin(), bundle.files.end(),
                                     [&](const File& other) { return other.name == name->of; });
        if (of == bundle.files.end() || (!is_document(of->name) && of->name != checkpoint_name)) return false;
        if (!taken.take(file.name)) return false;
        numbers[{name->of, name->kind}].push_back(name->number);
        bundle.attachments.push_back({*name, file, *of});
    }
    for (auto& [key, used] : numbers) {
        std::sort(used.begin(), used.end());
        for (std::size_t i = 0; i < used.size(); ++i)
            if (used[i] != i + 1) return false;
    }
    return true;
}

bool take_all(Bundle& bundle, std::string_view& pem) {
    const auto& files = bundle.files;
    const auto by_name = [](const File& a, const File& b) { return a.name < b.name; };
    if (!std::is_sorted(files.begin(), files.end(), by_name)) return false;
    const auto document =
        std::find_if(files.begin(), files.end(), [](const File& file) { return is_document(file.name); });
    if (document == files.end()) return false;
    Taken taken(files);
    bundle.document = *taken.take(document->name);
    taken.into(availability_name, bundle.availability);
    return taken.take(readme_name) && taken.into(key_name, pem) &&
           taken.into(metadata_name, bundle.metadata) && taken.into(checkpoint_name, bundle.checkpoint) &&
           taken.into(salt_name, bundle.salt) && take_statements(taken, bundle) &&
           take_attachments(taken, bundle) && taken.all();
}

}  // namespace

std::optional<concejo::Json> parse_availability(std::string_view text) {
    auto value = log::parse_canonical(text);
    if (value && !value->is_object()) value.reset();
    return value;
}

std::optional<concejo::Json> parse_metadata(std::string_view text) {
    auto value = parse_availability(text);
    if (value)
        for (const auto& [name, member] : value->as_object())
            if (!member.is_string()) return std::nullopt;
    return value;
}

concejo::Result<Bundle, Refusal> read(std::string_view file) {
    if (!file.starts_with(std::string_view("PK\3\4", 4)) || file.size() > longest_bundle)
        return Refusal::not_a_bundle;
    auto files = read_zip(file);
    if (!files) return Refusal::form;
    if (files->size() < 2 || (*files)[files->size() - 2].name != manifest_name ||
        files->back().name != signature_name)
        return Refusal::names;
    Bundle bundle;
    bundle.manifest = (*files)[files->size() - 2].bytes;
    const auto signature = files->back().bytes;
    files->resize(files->size() - 2);
    bundle.files = std::move(*files);
    std::string_view pem;
    if (!take_all(bundle, pem)) return Refusal::names;
    if (manifest(bundle.files) != bundle.manifest) return Refusal::manifest;
    const auto key = crypto::from_public_pem(pem);
    if (!key) return Refusal::key;
    bundle.key = *key;
    if (!crypto::verify_ed25519(*key, bundle.manifest, signature)) return Refusal::signature;
    return bundle;
}

}  // namespace evidence::bundle
