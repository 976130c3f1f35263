// The catalogue's tables.
#pragma once

#include "dataset.hpp"

#include <concejo/call.hpp>

namespace open_data {

struct Filter {
    std::string words;  ///< full text
    std::string organization, sector, tag, format, license;
    std::vector<State> states{State::published};
    bool with_private = false;
    std::string sort = "modified";  ///< modified, title, name, relevance (with words)
    std::int64_t limit = 20, offset = 0;
};

struct Count {
    std::string value;
    std::int64_t count = 0;
};

class Catalogue {
public:
    explicit Catalogue(concejo::Transaction& tx) : tx_(tx) {}

    std::optional<Dataset> find(std::string_view name_or_id);
    /// Those of these identifiers that there are, in the same order.
    std::vector<Dataset> find_all(const std::vector<std::string>& ids);
    /// Without their resources where `bare`.
    std::vector<Dataset> list(const Filter&, bool bare = false);
    std::int64_t count(const Filter&);
    /// By "organization" (its name), "sectors", "tags", "formats" or "license".
    std::vector<Count> count_by(std::string_view what, const Filter&, int most = 50);
    /// Names that are like these words, most alike first: what people meant.
    std::vector<std::string> suggestions(const std::string& words);
    /// Titles and tags that lead to something that everybody sees, the latest first: what people may be about to write.
    std::vector<std::string> searchable(int most);

    /// Both give what was written. Throws conflict where the name is taken. Only what `Dataset` holds, no resources.
    /// What is inserted keeps the id that it has; without one it is given one. So too resources and organizations.
    Dataset insert(const Dataset&, const std::string& by);
    Dataset update(const Dataset&);

    /// `state`: that it must have.
    std::optional<Resource> resource(std::string_view id, std::string_view state = "active");
    /// Of that dataset: those that nobody sees before their first file has been fetched.
    std::vector<Resource> waiting(const Dataset&);
    /// In its state; active where it says none.
    Resource insert(const Resource&);
    Resource update(const Resource&);
    void remove_resource(const Resource&);

    /// `kind`: "organization" or "group".
    std::vector<Organization> organizations(std::string_view kind);
    std::optional<Organization> organization(std::string_view name_or_id,
                                             std::string_view kind = "organization");
    /// {"es": …}, without counting what it publishes; null where there is none.
    Json organization_title(std::string_view id);
    Organization insert(const Organization&);
    Organization update(const Organization&);

    /// Of a collaborator: "token:…".
    Capacity capacity(std::string_view dataset, const std::string& who);

private:
    std::vector<Dataset> read(const std::string& tail, const std::vector<concejo::Param>&, bool bare);
    std::vector<Resource> read_resources(const std::string& tail, const std::vector<concejo::Param>&);
    /// Whether everybody sees a version from now on that nobody saw before.
    bool index(const std::string& dataset);
    void index_resource_of(const std::string& dataset);
    bool everybody_sees(const std::string& dataset);
    void tell(const Dataset& now, bool seen_before, bool newer);

    concejo::Transaction& tx_;
};

}  // namespace open_data
