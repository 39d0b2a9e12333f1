-- Question: does something that is provided answer a need, and is it due for review?

-- Whether codes in lower case address a need: by its code, or broadly by naming its area. An area never
-- stands for a sensory or physical need: a motor group does not cover a visual impairment.
create macro addresses(some_keys, some_need_key, some_area, some_broad_match) as
    list_contains(some_keys, some_need_key)
    or (some_broad_match and some_area is not null and list_contains(some_keys, some_area));

-- Whether something in place is overdue for review: past its expected end; or it has none, and neither began nor
-- was reviewed in the time that the school sets.
create macro is_overdue(some_expected_end, some_start, some_review, on_date) as
    case
        when some_expected_end is not null then some_expected_end < on_date
        else greatest(some_start, some_review) < on_date - setting_review_after(on_date)::integer
    end;
